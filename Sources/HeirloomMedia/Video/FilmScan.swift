import CLibAV
import Foundation

/// What a first look at a film's decoded frames tells: what they are, and whether they are made of two fields.
struct FilmScan {
    let width: Int
    let height: Int
    let format: AVPixelFormat
    /// As tagged, frame before container.
    let color: ColorInfo
    let sampleAspectRatio: Rational
    let orientation: Orientation
    /// Whether the display matrix asks for an angle that is no multiple of 90°.
    let isAngleRounded: Bool
    let fields: FieldVerdict

    /// Decodes a few dozen frames, from three places where the film is long enough, and judges them.
    ///
    /// - Throws: whatever opening throws; `corrupt` where no frame can be decoded.
    init(path: String, operation: String, options: VideoReaderOptions) throws(MediaError) {
        let film = try FilmDecoding(
            path: path, operation: operation, maximumPixels: options.maximumPixels, threads: options.threads)
        guard let first = try film.next() else {
            let reason =
                film.packetCount == 0
                ? "its picture track holds no frame"
                : "none of the \(film.packetCount) packets of its picture could be decoded"
            throw MediaError(
                .corrupt, operation, path: path, reason: reason, advice: "copy it again from where it came from")
        }
        width = Int(first.pointee.width)
        height = Int(first.pointee.height)
        format = AVPixelFormat(rawValue: first.pointee.format)
        color = ColorInfo(frame: first.pointee)
            .filled(from: ColorInfo(parameters: film.stream.pointee.codecpar.pointee))
        // The container's ratio wins over the codec's, as in players; the function knows the order.
        let ratio = av_guess_sample_aspect_ratio(film.demuxer.context, film.stream, first)
        sampleAspectRatio = ratio.rational ?? .one
        (orientation, isAngleRounded) = FilmScan.orientation(film.stream, first)
        film.putBack(first)
        var evidence = FieldEvidence(header: film.stream.pointee.codecpar.pointee.field_order)
        if options.fields != .progressive {
            try FilmScan.gather(&evidence, film, width: width, height: height, format: format)
        }
        fields = evidence.verdict
    }

    private static func orientation(
        _ stream: UnsafeMutablePointer<AVStream>, _ frame: UnsafeMutablePointer<AVFrame>
    ) -> (Orientation, Bool) {
        var size = 0
        var bytes = heirloom_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
        if bytes == nil, let item = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX) {
            bytes = UnsafePointer(item.pointee.data)
            size = item.pointee.size
        }
        guard let bytes, size >= 36 else { return (.upright, false) }
        return bytes.withMemoryRebound(to: Int32.self, capacity: 9) { Orientation.of(matrix: $0) }
    }

    private static func gather(
        _ evidence: inout FieldEvidence, _ film: FilmDecoding, width: Int, height: Int, format: AVPixelFormat
    ) throws(MediaError) {
        let isLong = (film.demuxer.duration?.seconds ?? 0) > 6
        let places: [Double] = isLong ? [0, 1 / 3, 2 / 3] : [0]
        for place in places {
            if place > 0, let duration = film.demuxer.duration {
                let moment = film.demuxer.start + MediaTime(seconds: duration.seconds * place)
                guard film.seek(to: moment) else { return }
            }
            // The filter refuses formats that it cannot judge (RGB); then the flags alone decide. Its own threshold
            // (1.04) takes fine moving patterns for combs; at 1.2 woven fields are found as surely.
            let detector = try? FilterGraph(
                [.init(name: "idet", arguments: "intl_thres=1.2")], width: width, height: height, format: format)
            var number = 0
            while number < 48 / places.count, let frame = try film.next() {
                guard Int(frame.pointee.width) == width, Int(frame.pointee.height) == height,
                    frame.pointee.format == format.rawValue
                else { break }
                evidence.add(flagsOf: frame)
                if let detector {
                    try? detector.send(frame, number: number)
                    while let (judged, _) = try? detector.receive() { evidence.add(judgementOf: judged) }
                }
                number += 1
            }
            if let detector {
                try? detector.send(nil, number: number)
                while let (judged, _) = try? detector.receive() { evidence.add(judgementOf: judged) }
            }
        }
    }
}
