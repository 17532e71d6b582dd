// Where a key is something typed: single keys mean nothing else there.
export const TYPED = "input:not([type=checkbox]), select, textarea, [contenteditable]";
