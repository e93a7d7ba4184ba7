import HeirloomDatasets
import HeirloomMedia

/// A picture as it goes into a store, with what the screening looks at.
struct LoadedPicture: Sendable {
    let width: Int
    let height: Int
    /// 8-bit sRGB, `[height, width, 3]`.
    let pixels: [UInt8]
    /// Pixels of the picture as its file has it, upright.
    let originalWidth: Int, originalHeight: Int
    let colors: PictureColors
    let cast: ColorCast
    let fingerprint: Fingerprint

    /// Reads a picture, shrunk while it is decoded, and cuts it to the largest aspect around its middle.
    ///
    /// - Throws: ``MediaError``.
    init(_ file: PictureFile, options: IntakeOptions) throws {
        let original = try StillReader.probe(file.path)
        originalWidth = original.width
        originalHeight = original.height
        let image = try StillReader.thumbnail(file.path, shortSide: options.shortSide)
        let longest = Int((Double(min(image.width, image.height)) * options.largestAspect).rounded())
        width = min(image.width, longest)
        height = min(image.height, longest)
        let (left, top) = ((image.width - width) / 2, (image.height - height) / 2)
        if width == image.width && height == image.height {
            pixels = image.pixels
        } else {
            var cut: [UInt8] = []
            cut.reserveCapacity(width * height * 3)
            for row in top..<top + height {
                let start = 3 * (row * image.width + left)
                cut += image.pixels[start..<start + 3 * width]
            }
            pixels = cut
        }
        colors = pixels.withUnsafeBufferPointer { PictureColors(rgb: $0) }
        let miniature = PictureMiniature(rgb: pixels, width: width, height: height)
        cast = ColorCast(miniature)
        fingerprint = Fingerprint(miniature)
    }
}
