// Judges by RegExp with the u flag: one JSON line asks, one answers.
// {"pattern", "flags", "search", "texts"}: a list of booleans, or null if the pattern is malformed.
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { pattern, flags, search, texts } = JSON.parse(line);
  let answer = null;
  try {
    new RegExp(pattern, flags + "u");
    // "$" ends lines with the m flag. Sticky, because V8 otherwise tries "(?![^])" within pairs.
    const whole = () => new RegExp(`(?:${pattern})(?![^])`, flags + "uy");
    const made = search ? new RegExp(pattern, flags + "u") : whole();
    answer = texts.map((text) => {
      made.lastIndex = 0;
      return made.test(text);
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
