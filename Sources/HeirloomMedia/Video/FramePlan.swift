import CLibAV

/// How decoded frames become the frames that a reader gives: decided once, from the first look at the film.
struct FramePlan {
    /// Upright size.
    let width: Int
    let height: Int
    let pixelFormat: PixelFormat
    /// Fully stated, siting as after rotation.
    let color: ColorInfo
    let sampleAspectRatio: Rational
    let isDeinterlaced: Bool
    let notes: [String]
    /// Size as decoded.
    let codedWidth: Int
    let codedHeight: Int
    /// Filters after conversion to `pixelFormat`; empty where frames go straight through.
    let steps: [FilterGraph.Step]

    /// - Throws: `unsupported` for high dynamic range, kept fields and samples outside memory.
    init(_ scan: FilmScan, options: VideoReaderOptions, path: String, operation: String) throws(MediaError) {
        guard let mapping = PixelFormatMapping(scan.format) else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "its decoder gives no samples in memory",
                advice: "convert the film to H.264 or FFV1 first")
        }
        var (color, note) = FilmColor.resolve(scan.color, mapping, width: scan.width, height: scan.height)
        if color.isHighDynamicRange && !options.allowsHighDynamicRange {
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "it is high dynamic range (\(color.transfer == .pq ? "PQ" : "HLG")), which is not handled yet",
                advice: "convert it to standard dynamic range (BT.709) first")
        }
        var notes = [note].compactMap(\.self)
        let isTall = scan.height >= 4 && scan.width >= 3  // bwdif needs as much
        var isInterlaced = scan.fields.isInterlaced
        switch options.fields {
        case .detect: break
        case .keep where isInterlaced:
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "it is interlaced and its fields shall be kept; colours would be drawn across two moments",
                advice: "let it be deinterlaced, or say that it is progressive if that is a mistake")
        case .keep: break
        case .progressive: isInterlaced = false
        case .deinterlace: isInterlaced = true
        }
        if let note = scan.fields.note, options.fields == .detect { notes.append(note) }
        isDeinterlaced = isInterlaced && isTall
        if isDeinterlaced {
            let order = ["tff": "top field first", "bff": "bottom field first"][scan.fields.parity]
            notes.append("The film is interlaced\(order.map { " (\($0))" } ?? ""); deinterlaced with bwdif.")
        }
        // The transposing filter takes only formats whose chroma is as small across as down.
        let target = mapping.target
        let isWidened = scan.orientation.swapsSides && target.chroma == .s422
        pixelFormat = isWidened ? target.with(chroma: .s444) : target
        if scan.orientation != .upright { notes.append("The picture is \(scan.orientation.words), as the file asks.") }
        if scan.isAngleRounded {
            notes.append("The file asks for an angle that is no multiple of 90°; turned by the nearest one.")
        }
        if mapping.isRGB { notes.append("The film is RGB (\(mapping.name)); converted to YUV 4:4:4.") }
        if mapping.dropsAlpha { notes.append("The film has transparency (\(mapping.name)), which is left out.") }
        color.chromaLocation = scan.orientation.moved(color.chromaLocation)
        self.color = color
        let ratio = scan.sampleAspectRatio
        sampleAspectRatio = scan.orientation.swapsSides ? ratio.inverted : ratio
        codedWidth = scan.width
        codedHeight = scan.height
        width = scan.orientation.swapsSides ? scan.height : scan.width
        height = scan.orientation.swapsSides ? scan.width : scan.height
        var steps: [FilterGraph.Step] = []
        if isDeinterlaced {
            steps.append(.init(name: "bwdif", arguments: "mode=send_frame:parity=\(scan.fields.parity):deint=all"))
        }
        self.steps = steps + scan.orientation.steps
        self.notes = notes
    }
}
