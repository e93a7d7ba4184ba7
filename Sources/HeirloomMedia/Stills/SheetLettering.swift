import Foundation

/// Letters of 5 × 7 points for captions on sheets.
///
/// Drawn here rather than by libvips, which needs a font installed: a sheet looks the same on every machine.
public enum SheetLettering {
    /// Points of a letter with the space after it.
    public static let advance = 6
    /// Points of a line with the space below it.
    public static let lineHeight = 9

    /// The text in at most so many letters: its middle gives way to two dots, as the end of a file's name tells most.
    public static func shortened(_ text: String, to count: Int) -> String {
        guard text.count > count else { return text }
        guard count > 4 else { return String(text.prefix(max(count, 0))) }
        let end = (count - 2) / 2
        return text.prefix(count - 2 - end) + ".." + text.suffix(end)
    }

    /// Calls a closure for every point of a text that is drawn, counted from its upper left corner.
    public static func forEachPoint(of text: String, _ body: (_ x: Int, _ y: Int) -> Void) {
        let plain = text.folding(options: .diacriticInsensitive, locale: nil)
        for (place, letter) in plain.enumerated() {
            let bits = letter == " " ? 0 : glyphs[letter] ?? unknown
            for point in 0..<35 where bits >> UInt64(34 - point) & 1 == 1 {
                body(place * advance + point % 5, point / 5)
            }
        }
    }

    /// A frame, for letters of other alphabets.
    private static let unknown: UInt64 = 0x7E318C63F

    /// Rows of 5 bits from top to bottom, the first bit on the left.
    private static let glyphs: [Character: UInt64] = [
        "0": 0x3A33AE62E, "1": 0x11842108E, "2": 0x3A211111F, "3": 0x7C441062E, "4": 0x08CA97C42, "5": 0x7E1E0862E,
        "6": 0x1910F462E, "7": 0x7C2222108, "8": 0x3A317462E, "9": 0x3A317844C, "A": 0x3A318FE31, "B": 0x7A31F463E,
        "C": 0x3A308422E, "D": 0x72518C65C, "E": 0x7E10F421F, "F": 0x7E10F4210, "G": 0x3A30BC62F, "H": 0x4631FC631,
        "I": 0x38842108E, "J": 0x1C4210A4C, "K": 0x4654C5251, "L": 0x42108421F, "M": 0x4775AC631, "N": 0x4639ACE31,
        "O": 0x3A318C62E, "P": 0x7A31F4210, "Q": 0x3A318D64D, "R": 0x7A31F5251, "S": 0x3E107043E, "T": 0x7C8421084,
        "U": 0x46318C62E, "V": 0x46318C544, "W": 0x4631AD6AA, "X": 0x462A22A31, "Y": 0x463151084, "Z": 0x7C222221F,
        "a": 0x000E0BE2F, "b": 0x4216CC63E, "c": 0x000E8422E, "d": 0x042D9C62F, "e": 0x000E8FE0E, "f": 0x1928E2108,
        "g": 0x01F18BC2E, "h": 0x4216CC631, "i": 0x100C2108E, "j": 0x080610A4C, "k": 0x4212A6292, "l": 0x30842108E,
        "m": 0x001AAD631, "n": 0x0016CC631, "o": 0x000E8C62E, "p": 0x001E8FA10, "q": 0x000D9BC21, "r": 0x0016CC210,
        "s": 0x000E8383E, "t": 0x211C42126, "u": 0x00118C66D, "v": 0x00118C544, "w": 0x00118D6AA, "x": 0x001151151,
        "y": 0x00118BC2E, "z": 0x001F1111F, ".": 0x00000018C, ",": 0x000003088, ":": 0x018C03180, ";": 0x018C03088,
        "-": 0x0000F8000, "_": 0x00000001F, "/": 0x002222200, "%": 0x632222263, "+": 0x0084F9080, "(": 0x088842082,
        ")": 0x208210888, "[": 0x39084210E, "]": 0x38421084E, "=": 0x001F07C00, "'": 0x308800000, "!": 0x108420004,
        "?": 0x3A2111004, "#": 0x295F57D4A, "&": 0x32544564D, "*": 0x009575480, "@": 0x3A37ADE0E, "~": 0x0008A8800,
        "<": 0x088882082, ">": 0x208208888,
    ]
}
