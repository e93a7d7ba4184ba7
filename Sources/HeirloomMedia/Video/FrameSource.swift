import CLibAV

/// Decoded frames after conversion, deinterlacing and turning, copied out of FFmpeg's memory.
///
/// Used on one thread.
final class FrameSource {
    /// A picture before its duration is known.
    struct Picture {
        var planes: [VideoFrame.Plane] = []
        /// Ticks; meaningless without `hasTimestamp` until repaired.
        var pts: Int64
        let hasTimestamp: Bool
        /// Ticks; 0 where unknown.
        let packetDuration: Int64
        let isKey: Bool
        let isCorrupt: Bool
        let captions: [UInt8]
    }

    let film: FilmDecoding
    private let plan: FramePlan
    private let path: String
    private let operation: String
    private var graph: FilterGraph?
    private var converter: (format: Int32, converter: PixelConverter)?
    /// Pictures inside the graph, by the number that they were sent with.
    private var waiting: [Int: Picture] = [:]
    private var sent = 0
    private var hasEnded = false

    init(_ film: FilmDecoding, plan: FramePlan, path: String, operation: String) throws(MediaError) {
        self.film = film
        self.plan = plan
        self.path = path
        self.operation = operation
        guard !plan.steps.isEmpty else { return }
        graph = try library { () throws(LibraryError) in
            try FilterGraph(
                plan.steps, width: plan.codedWidth, height: plan.codedHeight, format: plan.pixelFormat.av)
        }
    }

    /// The next picture in the order of display; nil at the end.
    ///
    /// - Throws: `unreadable` where the disk fails; `unsupported` where the picture's size changes within the film.
    func next() throws(MediaError) -> Picture? {
        guard let graph else {
            guard let frame = try film.next() else { return nil }
            var picture = describe(frame)
            picture.planes = try copyPlanes(of: planar(frame))
            return picture
        }
        while true {
            let output = try library { () throws(LibraryError) in try graph.receive() }
            if let (frame, number) = output {
                guard var picture = waiting.removeValue(forKey: number) else {
                    throw MediaError(
                        .libraryFailure, operation, path: path,
                        reason: "a filter gave frame \(number), which was never sent or came twice")
                }
                picture.planes = try copyPlanes(of: frame)
                return picture
            }
            if hasEnded {
                guard waiting.isEmpty else {
                    throw MediaError(
                        .libraryFailure, operation, path: path,
                        reason: "a filter kept \(waiting.count) frames back, from frame \(waiting.keys.min() ?? 0) on")
                }
                return nil
            }
            if let frame = try film.next() {
                waiting[sent] = describe(frame)
                let planar = try planar(frame)
                try library { () throws(LibraryError) in try graph.send(planar, number: sent) }
                sent += 1
            } else {
                hasEnded = true
                try library { () throws(LibraryError) in try graph.send(nil, number: sent) }
            }
        }
    }

    private func describe(_ frame: UnsafeMutablePointer<AVFrame>) -> Picture {
        let pts = frame.pointee.best_effort_timestamp
        var captions: [UInt8] = []
        if let item = av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC), let data = item.pointee.data {
            captions = Array(UnsafeBufferPointer(start: data, count: item.pointee.size))
        }
        return Picture(
            pts: pts == heirloom_nopts() ? 0 : pts, hasTimestamp: pts != heirloom_nopts(),
            packetDuration: heirloom_frame_duration(frame), isKey: heirloom_frame_is_key(frame) != 0,
            isCorrupt: heirloom_frame_is_corrupt(frame) != 0, captions: captions)
    }

    /// The frame in the plan's pixel format, borrowed until the next call.
    private func planar(_ frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        guard width == plan.codedWidth, height == plan.codedHeight else {
            let place = frame.pointee.best_effort_timestamp
            let moment = place == heirloom_nopts() ? "" : " at \(MediaTime(place, film.timeBase))"
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "its picture changes from \(plan.codedWidth)×\(plan.codedHeight)"
                    + " to \(width)×\(height)\(moment)",
                advice: "cut it there and treat the parts one by one")
        }
        let format = AVPixelFormat(rawValue: frame.pointee.format)
        guard let mapping = PixelFormatMapping(format) else {
            throw MediaError(.unsupported, operation, path: path, reason: "its decoder gives no samples in memory")
        }
        if mapping.isNative && mapping.target == plan.pixelFormat {
            frame.pointee.format = plan.pixelFormat.av.rawValue  // "yuvj420p" has the same samples under another name
            return frame
        }
        if converter?.format != format.rawValue {
            let made = PixelConverter(
                from: format, to: plan.pixelFormat, width: width, height: height, color: plan.color,
                copiesLuma: mapping.hasPlainLuma && mapping.target.bitDepth == plan.pixelFormat.bitDepth,
                isRGB: mapping.isRGB)
            converter = made.map { (format.rawValue, $0) }
        }
        guard let result = converter?.converter.convert(frame) else {
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "its pixel format \(mapping.name) cannot be converted to \(plan.pixelFormat)",
                advice: "convert the film to FFV1 in a YUV format first")
        }
        return result
    }

    private func copyPlanes(of frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> [VideoFrame.Plane] {
        let pointers = [frame.pointee.data.0, frame.pointee.data.1, frame.pointee.data.2]
        let strides = [frame.pointee.linesize.0, frame.pointee.linesize.1, frame.pointee.linesize.2]
        var planes: [VideoFrame.Plane] = []
        for number in 0..<plan.pixelFormat.planeCount {
            let size = plan.pixelFormat.planeSize(number, width: plan.width, height: plan.height)
            let rowBytes = size.width * plan.pixelFormat.bytesPerSample
            guard let source = pointers[number] else {
                throw MediaError(.libraryFailure, operation, path: path, reason: "a frame lacks plane \(number)")
            }
            let stride = strides[number]
            let bytes = [UInt8](unsafeUninitializedCapacity: rowBytes * size.height) { buffer, count in
                av_image_copy_plane(
                    buffer.baseAddress, Int32(rowBytes), source, stride, Int32(rowBytes), Int32(size.height))
                count = rowBytes * size.height
            }
            planes.append(.init(width: size.width, height: size.height, bytesPerRow: rowBytes, bytes: bytes))
        }
        return planes
    }

    private func library<Result>(_ body: () throws(LibraryError) -> Result) throws(MediaError) -> Result {
        do throws(LibraryError) {
            return try body()
        } catch {
            throw error.mediaError(.libraryFailure, operation, path: path)
        }
    }
}
