extension StillMetadata {
    /// The same metadata without the small preview that cameras put into EXIF.
    ///
    /// Use it when the pixels change: file managers would go on showing the old picture. The EXIF block keeps its
    /// length; the preview's directory is only unlinked.
    public func removingThumbnail() -> StillMetadata {
        var result = self
        result.exif = exif.map(EXIFBlock.withoutThumbnail)
        return result
    }

    /// The same metadata for the picture at another size: tags of EXIF and XMP that state the size say the new one, the
    /// small preview is unlinked, and everything else keeps its value.
    ///
    /// Pixels per millimetre stay: the picture grows on paper.
    /// - Precondition: the sides are positive.
    public func resized(width: Int, height: Int) -> StillMetadata {
        precondition(width > 0 && height > 0, "a picture has at least one pixel, not \(width) × \(height)")
        var result = removingThumbnail()
        result.exif = result.exif.map { EXIFBlock.resized($0, width: width, height: height) }
        result.xmp = xmp.map { packet in
            let names = [
                ("tiff:ImageWidth", width), ("tiff:ImageLength", height), ("exif:PixelXDimension", width),
                ("exif:PixelYDimension", height),
            ]
            return names.reduce(packet) { Self.replacing($1.0, with: $1.1, inXMP: $0) }
        }
        return result
    }

    /// XMP states a number as `name="6"` or as an element.
    private static func replacing(_ name: String, with number: Int, inXMP packet: [UInt8]) -> [UInt8] {
        var result = packet
        for opening in [name + #"=""#, name + "='", "<" + name + ">"] {
            let pattern = Array(opening.utf8)
            var from = 0
            while let found = result[from...].firstRange(of: pattern) {
                let end = result[found.upperBound...].firstIndex { !(0x30...0x39).contains($0) } ?? result.endIndex
                let digits = Array(String(number).utf8)
                if end > found.upperBound { result.replaceSubrange(found.upperBound..<end, with: digits) }
                from = found.upperBound
            }
        }
        return result
    }

    /// The metadata of a picture that has been turned upright.
    func uprighted() -> StillMetadata {
        var result = self
        result.exif = exif.map(EXIFBlock.uprighted)
        result.xmp = xmp.map(Self.uprightedXMP)
        return result
    }

    /// XMP can repeat the orientation, as `tiff:Orientation="6"` or as an element; both become 1.
    private static func uprightedXMP(_ packet: [UInt8]) -> [UInt8] {
        var result = packet
        for opening in [#"tiff:Orientation=""#, "tiff:Orientation='", "<tiff:Orientation>"] {
            let pattern = Array(opening.utf8)
            var from = 0
            while let found = result[from...].firstRange(of: pattern) {
                from = found.upperBound
                if from < result.count, (0x32...0x38).contains(result[from]) { result[from] = 0x31 }
            }
        }
        return result
    }
}
