/// `; did you mean 'train'?`, or nothing.
func didYouMean(_ candidate: String?) -> String {
  candidate.map { "; did you mean '\($0)'?" } ?? ""
}

/// The candidate that `word` was probably meant to be: the nearest by edit distance among those at most a third
/// of their letters away, else the only one that it begins, or whose words' initials it is.
func nearest(to word: String, among candidates: [String]) -> String? {
  let bare = word.lowercased().drop { $0 == "-" }
  guard !bare.isEmpty else { return nil }
  let ranked = candidates.map { candidate in
    let letters = candidate.drop { $0 == "-" }
    return (candidate, distance: editDistance(bare, letters), limit: max(1, letters.count / 3))
  }
  let near = ranked.filter { $0.distance <= $0.limit }.min { $0.distance < $1.distance }
  if let near { return near.0 }
  let completions = candidates.filter { $0.drop { $0 == "-" }.hasPrefix(bare) }
  if completions.count == 1 { return completions[0] }
  let initials = candidates.filter { candidate in
    let words = candidate.split(separator: "-")
    return words.count > 1 && words.map { $0.prefix(1) }.joined() == bare
  }
  return initials.count == 1 ? initials[0] : nil
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to make `b` of `a`
/// (Damerau–Levenshtein distance, optimal string alignment).
package func editDistance(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
  let a = Array(a)
  let b = Array(b)
  var rows = [Array(0...b.count)]
  for i in 1..<(a.count + 1) {
    var row = [i]
    for j in 1..<(b.count + 1) {
      let substitution = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      var least = min(rows[i - 1][j] + 1, row[j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        least = min(least, rows[i - 2][j - 2] + 1)
      }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
