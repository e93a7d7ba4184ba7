/// A small sound picture file, made from random numbers.
enum PictureSeed {
    /// The formats that are damaged.
    static let formats: [StillFormat] = [.jpeg, .png, .tiff, .webp]

    /// A file of a random format, size, kind and metadata.
    static func file(using dice: inout PictureDice) throws(MediaError) -> (bytes: [UInt8], format: StillFormat) {
        let format = dice.one(of: formats)
        let channels = dice.one(of: StillImage.Channels.allCases)
        let depth = dice.one(of: StillImage.Depth.allCases)
        let (width, height) = (1 + dice.below(64), 1 + dice.below(64))
        let isNoise = dice.once(in: 3)
        var samples: [UInt16] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channels.count {
                    let smooth = UInt16(truncatingIfNeeded: (x * 1009 + y * 523) * (channel + 1))
                    samples.append(isNoise ? UInt16(truncatingIfNeeded: dice.next()) : smooth)
                }
            }
        }
        let metadata = metadata(using: &dice)
        let picture =
            depth == .sixteen
            ? StillImage(width: width, height: height, channels: channels, samples: samples, metadata: metadata)
            : StillImage(
                width: width, height: height, channels: channels, depth: .eight,
                pixels: samples.map { UInt8($0 >> 8) }, metadata: metadata)
        let options = StillWriteOptions(quality: 40 + dice.below(60), isLossless: dice.once(in: 2))
        return (try StillWriter.encode(picture, as: format, options: options).bytes, format)
    }

    private static func metadata(using dice: inout PictureDice) -> StillMetadata {
        var metadata = StillMetadata()
        if dice.once(in: 2) { metadata.exif = exif(orientation: 1 + dice.below(8), littleEndian: dice.once(in: 2)) }
        if dice.once(in: 3) { metadata.xmp = Array(#"<x:xmpmeta><r tiff:Orientation="6"/></x:xmpmeta>"#.utf8) }
        if dice.once(in: 2) { metadata.resolution = .init(horizontal: 11.8, vertical: 11.8) }
        return metadata
    }

    /// A block with an orientation, a maker, a date in a directory of its own and a preview's directory.
    private static func exif(orientation: Int, littleEndian: Bool) -> [UInt8] {
        func entry(_ tag: UInt16, _ text: String) -> TIFFDirectory.Entry {
            .init(tag: tag, type: 2, count: text.utf8.count, value: Array(text.utf8))
        }
        let turned = TIFFDirectory.Entry(
            tag: 0x0112, type: 3, count: 1,
            value: TIFFBytes.encode(orientation, bytes: 2, littleEndian: littleEndian))
        let camera = TIFFDirectory(entries: [entry(0x9003, "1912:04:15 02:20:00\0")], children: [:])
        let directory = TIFFDirectory(entries: [entry(0x010F, "Boxcamera\0"), turned], children: [0x8769: camera])
        let header: [UInt8] = littleEndian ? [0x49, 0x49, 0x2A, 0] : [0x4D, 0x4D, 0, 0x2A]
        return header + TIFFBytes.encode(8, bytes: 4, littleEndian: littleEndian)
            + directory.serialized(at: 8, littleEndian: littleEndian)
    }
}
