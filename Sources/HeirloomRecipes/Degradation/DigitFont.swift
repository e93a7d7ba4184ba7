/// Digits of 5 × 7 dots, for text that is drawn into training pictures.
enum DigitFont {
    /// Size of a digit in dots, and the step from one to the next.
    static let width = 5, height = 7, step = 6

    /// Rows of each digit from 0 to 9; the highest of five bits is the leftmost dot.
    private static let rows: [[UInt8]] = [
        [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
    ]

    /// Calls a closure with every dot of a whole number's digits, from the upper left corner of the first.
    static func dots(of number: Int, _ body: (_ x: Int, _ y: Int) -> Void) {
        for (place, digit) in String(Swift.max(number, 0)).compactMap(\.wholeNumberValue).enumerated() {
            for (y, row) in rows[digit].enumerated() {
                for x in 0..<width where row >> (width - 1 - x) & 1 == 1 { body(place * step + x, y) }
            }
        }
    }
}
