extension DigitShape {
  static let five: [DigitShape] = [
    // The cap drawn last.
    .init(
      3, [p(30, 6), p(27, 24), c(24, 44), p(46, 38), p(72, 50), p(78, 74), p(56, 95), p(16, 92)],
      [p(30, 7), p(56, 5), p(86, 2)]),
    // In one stroke from the right.
    .init(
      3,
      [
        p(84, 5), p(58, 7), c(34, 8), p(30, 26), c(24, 44), p(52, 40), p(76, 56), p(74, 82),
        p(46, 98), p(12, 88),
      ]),
    // Round, nearly an S.
    .init(
      3,
      [
        p(82, 4), p(58, 5), p(36, 16), p(32, 34), p(54, 48), p(72, 64), p(68, 86), p(42, 98),
        p(16, 90),
      ]),
    // A large bowl.
    .init(
      1.5,
      [
        p(78, 4), c(40, 6), c(28, 38), p(54, 36), p(82, 54), p(80, 82), p(50, 98), p(20, 94),
        p(8, 82),
      ]),
  ]

  static let six: [DigitShape] = [
    // An arc into a loop.
    .init(
      4,
      [
        p(66, 3), p(42, 20), p(24, 50), p(22, 80), p(42, 97), p(68, 90), p(76, 70), p(60, 57),
        p(38, 64), p(24, 80),
      ]),
    // Nearly straight, the loop small.
    .init(
      3,
      [
        p(56, 2), p(38, 30), p(24, 64), p(28, 90), p(48, 98), p(68, 86), p(66, 70), p(48, 66),
        p(30, 80),
      ]),
    // Curled at the top.
    .init(
      2,
      [
        p(80, 14), p(64, 2), p(38, 14), p(20, 48), p(22, 82), p(46, 98), p(72, 86), p(74, 64),
        p(52, 54), p(30, 64), p(22, 74),
      ]),
    // A large round loop.
    .init(
      2,
      [
        p(52, 2), p(28, 26), p(14, 60), p(26, 92), p(58, 97), p(84, 80), p(80, 56), p(54, 48),
        p(28, 62), p(18, 76),
      ]),
  ]

  static let seven: [DigitShape] = [
    // A straight top and a straight stem.
    .init(4, [p(14, 10), p(44, 9), c(82, 6), p(64, 40), p(46, 98)]),
    // A round shoulder.
    .init(3, [p(12, 16), p(38, 8), p(70, 6), p(80, 18), p(66, 52), p(54, 98)]),
    // Begun with a downstroke.
    .init(2, [p(14, 30), c(17, 8), p(48, 9), c(86, 5), p(62, 48), p(48, 98)]),
    // With a bar.
    .init(
      2, [p(14, 10), p(46, 9), c(84, 6), p(62, 44), p(42, 98)], [p(32, 54), p(56, 51), p(80, 48)]),
    // The stem bent.
    .init(2, [p(18, 8), p(48, 10), c(80, 8), p(58, 36), p(48, 64), p(48, 98)]),
  ]

  static let eight: [DigitShape] = [
    // An S and back, from the top right.
    .init(
      4,
      [
        p(72, 14), p(50, 2), p(28, 12), p(32, 34), p(52, 48), p(70, 66), p(68, 88), p(46, 98),
        p(26, 86), p(32, 66), p(54, 46), p(74, 26), p(74, 12),
      ]),
    // The same, narrow, left open at the top.
    .init(
      2,
      [
        p(66, 10), p(46, 3), p(32, 18), p(40, 38), p(56, 54), p(64, 76), p(52, 96), p(34, 92),
        p(32, 74), p(48, 52), p(66, 32), p(76, 10),
      ]),
    // From the middle.
    .init(
      2,
      [
        p(52, 46), p(32, 34), p(30, 14), p(52, 2), p(72, 14), p(68, 34), p(46, 50), p(24, 70),
        p(32, 94), p(58, 98), p(76, 80), p(66, 58), p(48, 44),
      ]),
    // One ring on the other.
    .init(
      1.5, [p(56, 3), p(34, 8), p(30, 30), p(48, 46), p(68, 36), p(70, 14), p(52, 3)],
      [p(50, 46), p(28, 60), p(24, 84), p(48, 98), p(72, 86), p(72, 62), p(50, 47)]),
  ]

  static let nine: [DigitShape] = [
    // A loop and a straight stem.
    .init(
      4,
      [
        p(74, 16), p(54, 4), p(30, 14), p(24, 36), p(42, 50), p(64, 40), c(76, 14), p(73, 52),
        p(68, 98),
      ]),
    // The stem slanted, running out of the loop.
    .init(
      3,
      [
        p(72, 24), p(60, 5), p(36, 10), p(22, 34), p(36, 52), p(60, 42), p(74, 20), p(66, 56),
        p(48, 98),
      ]),
    // Curled at the bottom.
    .init(
      1.5,
      [
        p(72, 18), p(52, 3), p(28, 14), p(26, 38), p(48, 50), p(68, 36), c(74, 12), p(76, 52),
        p(64, 90), p(40, 97), p(22, 86),
      ]),
    // A small loop on a long stem.
    .init(
      2,
      [
        p(66, 14), p(48, 4), p(32, 16), p(34, 34), p(52, 38), p(66, 20), p(66, 48), p(62, 76),
        p(60, 98),
      ]),
  ]
}
