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
