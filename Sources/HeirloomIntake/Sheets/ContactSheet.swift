public import HeirloomDatasets
public import HeirloomMedia
import HeirloomMediaTensors
public import HeirloomTensors

/// Many pictures on one, to look at before and after training.
///
/// ```swift
/// let sheet = try ContactSheet().grid(of: store, pictures: 0..<60)
/// _ = try StillWriter.write(sheet, to: "photos.jpg")
/// ```
public struct ContactSheet: Sendable, Equatable {
    /// Pixels across and down that a picture has, without the gap. It is scaled to fit and keeps its shape.
    public var cellWidth: Int, cellHeight: Int
    /// Pixels between pictures and around them.
    public var gap: Int
    /// Brightness of what no picture covers, 0...255.
    public var background: UInt8
    /// Pixels for each of the 7 points that a caption's letters are high.
    public var letterSize = 2

    /// The most pixels that a sheet may have.
    private static let largestSheet = 1 << 27

    /// A layout.
    ///
    /// - Precondition: the sides are positive and the gap is not negative.
    public init(cellWidth: Int = 192, cellHeight: Int = 160, gap: Int = 4, background: UInt8 = 32) {
        precondition(
            cellWidth > 0 && cellHeight > 0 && gap >= 0, "cells of \(cellWidth)×\(cellHeight) with gaps of \(gap)")
        self.cellWidth = cellWidth
        self.cellHeight = cellHeight
        self.gap = gap
        self.background = background
    }

    /// Pictures from left to right and top to bottom.
    ///
    /// - Returns: 8-bit sRGB.
    /// - Throws: ``MediaError`` where a picture's profile cannot be converted or the sheet would be too large.
    /// - Precondition: there is a picture, and at least one column.
    public func grid(_ pictures: [StillImage], columns: Int = 6) throws(MediaError) -> StillImage {
        precondition(columns > 0, "a sheet of \(columns) columns")
        var rows: [[StillImage]] = []
        for start in stride(from: 0, to: pictures.count, by: columns) {
            rows.append(Array(pictures[start..<min(start + columns, pictures.count)]))
        }
        return try self.rows(rows, columns: min(columns, pictures.count))
    }

    /// Pictures of a packed store, as ``grid(_:columns:)``.
    public func grid(
        of store: PackedStore, pictures: some Sequence<Int>, columns: Int = 6
    ) throws(MediaError) -> StillImage {
        try grid(pictures.map { Self.picture($0, of: store) }, columns: columns)
    }

    /// A row for each list, such as grey, ours and truth.
    ///
    /// - Returns: 8-bit sRGB.
    /// - Throws: as ``grid(_:columns:)``.
    /// - Precondition: there is a picture.
    public func rows(_ rows: [[StillImage]]) throws(MediaError) -> StillImage {
        try self.rows(rows, columns: rows.map(\.count).max() ?? 0)
    }

    /// Pictures with captions below them and frames around them, a row for each list.
    ///
    /// A caption's line that is wider than its cell loses its middle.
    /// - Returns: 8-bit sRGB.
    /// - Throws: as ``grid(_:columns:)``.
    /// - Precondition: there is a picture.
    public func tiles(_ rows: [[Tile]]) throws(MediaError) -> StillImage {
        try tiles(rows, columns: rows.map(\.count).max() ?? 0)
    }

    /// A picture of a packed store.
    public static func picture(_ index: Int, of store: PackedStore) -> StillImage {
        let entry = store.entries[index]
        return StillImage(
            width: entry.width, height: entry.height, channels: .rgb, depth: .eight,
            pixels: store.withPixels(of: index) { Array($0) })
    }

    /// A picture from a tensor: red, green and blue as coded.
    ///
    /// - Shape: `[1, 3, H, W]` or `[3, H, W]`, any floating type, on any device.
    /// - Range: 0...1; what lies outside is cut.
    public static func picture(rgb: Tensor) -> StillImage {
        let rgb = rgb.rank == 3 ? rgb.unsqueezed(0) : rgb
        let (height, width) = (rgb.shape[2], rgb.shape[3])
        let blank = StillImage(
            width: width, height: height, channels: .rgb, depth: .eight,
            pixels: [UInt8](repeating: 0, count: 3 * width * height))
        var canvas = StillCanvas(like: blank)
        canvas.write(rgb: rgb, atRow: 0)
        return canvas.finish()
    }

    private func rows(_ rows: [[StillImage]], columns: Int) throws(MediaError) -> StillImage {
        try tiles(rows.map { row in row.map { Tile($0) } }, columns: columns)
    }

    func tiles(_ rows: [[Tile]], columns: Int) throws(MediaError) -> StillImage {
        precondition(columns > 0, "a sheet without a picture")
        let lines = rows.joined().map(\.caption.count).max() ?? 0
        let captionHeight = lines == 0 ? 0 : (lines * SheetLettering.lineHeight + 2) * letterSize
        let step = cellHeight + captionHeight + gap
        let width = gap + columns * (cellWidth + gap)
        let height = gap + rows.count * step
        guard height <= Self.largestSheet / width else {
            throw MediaError(
                .tooLarge, "make a contact sheet", path: "in memory",
                reason: "\(rows.count) rows of \(columns) make \(width) × \(height) pixels",
                advice: "show fewer pictures or smaller cells")
        }
        var canvas = SheetCanvas(width: width, height: height, background: background)
        for (row, tiles) in rows.enumerated() {
            for (column, tile) in tiles.enumerated() {
                let (left, top) = (gap + column * (cellWidth + gap), gap + row * step)
                draw(try tile.picture.convertedToSRGB(), frame: tile.frame, left: left, top: top, on: &canvas)
                write(tile.caption, left: left, top: top + cellHeight, on: &canvas)
            }
        }
        return StillImage(width: width, height: height, channels: .rgb, depth: .eight, pixels: canvas.pixels)
    }

    private func draw(
        _ picture: StillImage, frame: SIMD3<UInt8>?, left: Int, top: Int, on canvas: inout SheetCanvas
    ) {
        let scale = min(Double(cellWidth) / Double(picture.width), Double(cellHeight) / Double(picture.height))
        let drawnWidth = max(1, Int((Double(picture.width) * scale).rounded()))
        let drawnHeight = max(1, Int((Double(picture.height) * scale).rounded()))
        let (x, y) = (left + (cellWidth - drawnWidth) / 2, top + (cellHeight - drawnHeight) / 2)
        canvas.draw(
            picture.drawn(width: drawnWidth, height: drawnHeight, on: background), width: drawnWidth, left: x, top: y)
        guard let frame else { return }
        canvas.frame(frame, thickness: 4, left: x, top: y, width: drawnWidth, height: drawnHeight)
    }

    private func write(_ caption: [String], left: Int, top: Int, on canvas: inout SheetCanvas) {
        let letters = cellWidth / (SheetLettering.advance * letterSize)
        for (line, text) in caption.enumerated() {
            canvas.write(
                SheetLettering.shortened(text, to: letters), size: letterSize, left: left,
                top: top + letterSize * (1 + line * SheetLettering.lineHeight),
                color: SIMD3(repeating: background < 128 ? 225 : 30))
        }
    }
}
