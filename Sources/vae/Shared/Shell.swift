/// `word` as a POSIX shell must be given it to take it for that one word.
func shellQuoted(_ word: String) -> String {
  let isPlain =
    !word.isEmpty
    && word.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", ",", "=", "+", "@": true
      default: false
      }
    }
  return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
