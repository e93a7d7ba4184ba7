public import HeirloomMedia

extension ContactSheet {
    /// A picture of a sheet with what is said of it.
    public struct Tile: Sendable {
        /// The picture.
        public var picture: StillImage
        /// Lines below it; Latin letters, digits and common signs are drawn, others as a small frame.
        public var caption: [String]
        /// Colour of a frame around it, red, green and blue; nil for none.
        public var frame: SIMD3<UInt8>?

        /// A picture, its caption and its frame.
        public init(_ picture: StillImage, caption: [String] = [], frame: SIMD3<UInt8>? = nil) {
            self.picture = picture
            self.caption = caption
            self.frame = frame
        }
    }

    /// Tiles in rows of so many.
    ///
    /// - Precondition: at least one column.
    public static func rows(of tiles: [Tile], columns: Int) -> [[Tile]] {
        precondition(columns > 0, "a sheet of \(columns) columns")
        return stride(from: 0, to: tiles.count, by: columns).map {
            Array(tiles[$0..<min($0 + columns, tiles.count)])
        }
    }
}
