/// The pixels of a sheet while it is drawn.
public struct SheetCanvas: Sendable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// 8-bit RGB, `[height, width, 3]`.
    public private(set) var pixels: [UInt8]

    /// A canvas of one grey.
    public init(width: Int, height: Int, background: UInt8) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: background, count: width * height * 3)
    }

    /// Lays a picture of 8-bit RGB down; it must fit.
    public mutating func draw(_ picture: [UInt8], width drawn: Int, left: Int, top: Int) {
        for row in 0..<picture.count / (3 * drawn) {
            let target = 3 * ((top + row) * width + left)
            pixels.replaceSubrange(
                target..<target + 3 * drawn, with: picture[3 * row * drawn..<3 * (row + 1) * drawn])
        }
    }

    /// Paints the margin of a rectangle.
    public mutating func frame(_ color: SIMD3<UInt8>, thickness: Int, left: Int, top: Int, width: Int, height: Int) {
        for y in 0..<height {
            for x in 0..<width where min(x, y, width - 1 - x, height - 1 - y) < thickness {
                set(left + x, top + y, color)
            }
        }
    }

    /// Fills a rectangle; what lies outside of the canvas is left out.
    public mutating func fill(_ color: SIMD3<UInt8>, left: Int, top: Int, width: Int, height: Int) {
        for y in top..<top + max(height, 0) {
            for x in left..<left + max(width, 0) { set(x, y, color) }
        }
    }

    /// Writes a line.
    public mutating func write(_ text: String, size: Int, left: Int, top: Int, color: SIMD3<UInt8>) {
        SheetLettering.forEachPoint(of: text) { x, y in
            for offset in 0..<size * size {
                set(left + x * size + offset % size, top + y * size + offset / size, color)
            }
        }
    }

    private mutating func set(_ x: Int, _ y: Int, _ color: SIMD3<UInt8>) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        for channel in 0..<3 { pixels[3 * (y * width + x) + channel] = color[channel] }
    }
}
