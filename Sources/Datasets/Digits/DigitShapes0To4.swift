extension DigitShape {
  static let zero: [DigitShape] = [
    // Upright, closed at the top.
    .init(
      4,
      [
        p(54, 3), p(32, 10), p(19, 36), p(20, 66), p(34, 93), p(56, 96), p(77, 76), p(81, 42),
        p(71, 12), p(50, 4),
      ]),
    // Nearly a circle.
    .init(
      3,
      [
        p(52, 6), p(26, 14), p(8, 44), p(14, 76), p(42, 95), p(74, 86), p(92, 54), p(84, 22),
        p(60, 6), p(44, 9),
      ]),
    // Narrow, begun on the right.
    .init(
      3,
      [
        p(70, 12), p(52, 4), p(34, 24), p(25, 56), p(30, 88), p(46, 97), p(64, 80), p(74, 46),
        p(72, 18), p(60, 4),
      ]),
    // The ends cross at the top.
    .init(
      2,
      [
        p(62, 16), p(38, 10), p(18, 40), p(18, 74), p(42, 97), p(70, 84), p(82, 50), p(72, 20),
        p(52, 6), p(40, 2),
      ]),
    // Left open.
    .init(
      1,
      [
        p(40, 6), p(20, 28), p(14, 62), p(34, 94), p(64, 92), p(84, 60), p(80, 26), p(60, 8),
        p(54, 10),
      ]),
  ]

  static let one: [DigitShape] = [
    // A plain stroke.
    .init(7, [p(51, 2), p(50, 34), p(50, 66), p(49, 98)]),
    // Slightly bent.
    .init(3, [p(55, 2), p(51, 30), p(47, 64), p(48, 98)]),
    // With an upstroke.
    .init(1.2, [p(30, 26), c(53, 3), p(52, 50), p(51, 98)]),
    // With an upstroke and a foot.
    .init(0.6, [p(30, 24), c(52, 3), p(51, 50), p(50, 95)], [p(24, 96), p(50, 95), p(78, 95)]),
  ]

  static let two: [DigitShape] = [
    // A sharp turn into a straight base.
    .init(
      4,
      [
        p(18, 26), p(26, 9), p(50, 2), p(74, 12), p(76, 34), p(56, 62), p(34, 82), c(14, 95),
        p(50, 93), p(88, 92),
      ]),
    // A loop at the bottom.
    .init(
      4,
      [
        p(22, 20), p(42, 4), p(68, 6), p(78, 26), p(66, 54), p(42, 82), p(22, 94), p(10, 88),
        p(18, 74), p(38, 78), p(62, 92), p(90, 88),
      ]),
    // A small loop and a wave.
    .init(
      2,
      [
        p(16, 22), p(36, 4), p(64, 6), p(74, 28), p(58, 58), p(32, 86), c(16, 94), p(34, 82),
        p(58, 90), p(76, 96), p(94, 86),
      ]),
    // A flat top.
    .init(
      2,
      [
        p(14, 18), p(38, 6), p(66, 6), p(78, 22), p(62, 52), p(34, 84), c(22, 95), p(54, 96),
        p(86, 98),
      ]),
  ]

  static let three: [DigitShape] = [
    // Two bowls meeting in a point.
    .init(
      4,
      [
        p(20, 14), p(42, 3), p(66, 6), p(74, 22), p(62, 40), c(40, 47), p(66, 52), p(80, 70),
        p(68, 92), p(42, 98), p(16, 90),
      ]),
    // A small loop between the bowls.
    .init(
      2,
      [
        p(18, 16), p(44, 2), p(70, 12), p(66, 34), p(44, 48), p(36, 45), p(46, 42), p(72, 54),
        p(78, 78), p(52, 98), p(14, 88),
      ]),
    // Bowls that barely touch the middle.
    .init(
      3,
      [
        p(24, 8), p(56, 2), p(76, 14), p(70, 34), p(52, 45), c(46, 47), p(70, 54), p(78, 74),
        p(60, 94), p(30, 97), p(12, 84),
      ]),
    // A flat top.
    .init(
      1,
      [
        p(18, 8), p(44, 6), c(76, 6), p(58, 26), c(42, 44), p(68, 50), p(80, 70), p(66, 92),
        p(38, 98), p(14, 88),
      ]),
  ]

  static let four: [DigitShape] = [
    // Open, in two strokes.
    .init(
      4, [p(24, 6), p(20, 28), c(15, 54), p(48, 55), p(84, 50)], [p(74, 4), p(71, 50), p(66, 98)]),
    // Open, the left part round.
    .init(
      3, [p(22, 10), p(16, 34), p(22, 54), p(44, 56), p(72, 44)],
      [p(80, 4), p(74, 36), p(66, 68), p(60, 98)]),
    // Closed, a triangle.
    .init(
      2, [p(64, 3), p(40, 30), c(10, 62), p(50, 62), p(92, 60)], [p(65, 4), p(64, 50), p(62, 98)]),
    // In one stroke, like a square 9.
    .init(
      1.5, [p(28, 6), p(18, 32), c(18, 52), p(46, 52), p(70, 42), c(80, 6), p(74, 50), p(68, 98)]),
    // Open, with the stem short above.
    .init(
      2, [p(30, 4), p(18, 34), c(8, 58), p(48, 52), p(88, 48)], [p(62, 24), p(58, 60), p(52, 98)]),
  ]
}
