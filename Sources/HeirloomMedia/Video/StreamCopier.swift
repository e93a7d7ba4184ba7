import CLibAV
import Foundation

/// Copies every stream of a source file that is not the film, packet for packet, in step with the film.
///
/// It reads the source a second time for itself, no further than the film has come, so that memory stays flat however
/// long the film is. Used on one thread.
final class StreamCopier {
    /// A stream that is copied, and how its clock is mapped.
    struct Route {
        let input: UnsafeMutablePointer<AVStream>
        let output: UnsafeMutablePointer<AVStream>
        let inputBase: Rational
        var lastDecodeTime: Int64?
        /// In the ticks of the output.
        var lastWritten: Int64?
        var lastDuration: Int64 = 0
        /// Added to timestamps after a jump back in the source.
        var offset: Int64 = 0
        var repaired = 0
        /// Packets that the container cannot hold.
        var refused = 0
    }

    let demuxer: Demuxer
    let source: StreamCopySource
    /// The source's streams that are not copied because the caller makes them anew: the film, and perhaps a sound.
    let renewed: Set<Int>
    let summary: MediaSummary
    /// What the container cannot hold, as sentences.
    var notes: [String] = []
    /// The source's index of each stream that is copied, and its index in the output; the film included.
    var outputIndices: [Int: Int] = [:]

    let muxer: Muxer
    let operation: String
    var routes: [Int: Route] = [:]
    var covers: [(input: UnsafeMutablePointer<AVStream>, output: UnsafeMutablePointer<AVStream>)] = []
    /// What is subtracted from the source's clock, and where on that clock copying ends.
    private(set) var shift = MediaTime.zero
    private(set) var end: MediaTime?
    private var pending: UnsafeMutablePointer<AVPacket>?
    private var hasEnded = false
    private var failuresInRow = 0

    /// Opens the source for copying.
    ///
    /// - Parameters:
    ///   - renewing: streams that are made anew beside the film.
    ///   - clock: the tick of the film in the output where everything shall last as much longer as that does; nil where
    ///     the source says how much.
    ///   - reading: a verb phrase for errors of the source.
    init(
        _ source: StreamCopySource, renewing: Set<Int> = [], clock: Rational? = nil, muxer: Muxer, operation: String,
        reading: String = "copy the sound of"
    ) throws(MediaError) {
        demuxer = try Demuxer(path: source.path, operation: reading, maximumPixels: .max)
        precondition(
            demuxer.streams.indices.contains(source.videoStreamIndex),
            "'\(source.path)' has no stream \(source.videoStreamIndex)")
        var source = source
        if let clock, let base = demuxer.streams[source.videoStreamIndex].pointee.time_base.rational {
            source.stretch = clock.times(base.inverted)
        }
        self.source = source
        renewed = renewing.union([source.videoStreamIndex])
        self.muxer = muxer
        self.operation = operation
        summary = MediaSummary(demuxer)
    }

    /// Adds the output's streams in the source's order.
    ///
    /// - Returns: the streams that are made anew, by their indices in the source; the caller fills in their coding
    ///   before `decorate(_:as:)`.
    func addStreams() throws(MediaError) -> [Int: UnsafeMutablePointer<AVStream>] {
        var made: [Int: UnsafeMutablePointer<AVStream>] = [:]
        for stream in demuxer.streams {
            let index = Int(stream.pointee.index)
            if renewed.contains(index) {
                let output = try muxer.addStream()
                outputIndices[index] = Int(output.pointee.index)
                made[index] = output
                continue
            }
            if isWrittenAnew(summary.streams[index], stream) { continue }
            if let refusal = refusal(of: stream, summary.streams[index]) {
                notes.append(refusal)
                continue
            }
            try add(stream, summary.streams[index])
        }
        demuxer.keepOnly(Set(routes.keys))
        return made
    }

    /// Copies to a stream that is made anew what belongs to it but not to its coding: language, title, purpose,
    /// mastering.
    func decorate(_ film: UnsafeMutablePointer<AVStream>, as index: Int) {
        let input = demuxer.streams[index]
        copyDescription(from: input, to: film)
        // The display matrix is not among them: frames are upright by now.
        for kind in [
            AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_STEREO3D,
            AV_PKT_DATA_SPHERICAL,
        ] {
            var size = 0
            guard let data = heirloom_stream_side_data(input, kind, &size),
                let copy = heirloom_stream_new_side_data(film, kind, size)
            else { continue }
            copy.update(from: data, count: size)
        }
    }

    /// Sets the clock, copies chapters and metadata: before the header is written.
    ///
    /// - Parameter shift: what is subtracted from the film's clock.
    func prepare(shift: MediaTime) throws(MediaError) {
        self.shift = shift
        if let limit = source.limit {
            end = (demuxer.start + (source.from ?? .zero) + limit).stretched(by: source.stretch)
        }
        let entries = Metadata.read(demuxer.context.pointee.metadata)
            .filter { !Metadata.describesFile($0.key) && !(source.isPiece && $0.key.lowercased() == "timecode") }
        Metadata.write(entries, to: &muxer.context.pointee.metadata)
        for index in 0..<Int(demuxer.context.pointee.nb_chapters) {
            guard let chapter = demuxer.context.pointee.chapters[index] else { continue }
            try copy(chapter.pointee)
        }
    }

    /// Writes cover pictures and goes to the piece: after the header is written.
    func begin() throws(MediaError) {
        for (input, output) in covers { try write(cover: input, to: output) }
        guard source.from != nil, let first = routes.keys.min() else { return }
        // Some containers find places by the film alone and land behind the sound that belongs there.
        let early = shift.stretched(by: source.stretch.inverted) - MediaTime(seconds: 3)
        if !demuxer.seek(to: early, stream: first) { _ = demuxer.seek(to: early, stream: source.videoStreamIndex) }
    }

    /// Copies all packets up to a moment of the output's clock.
    func advance(to time: MediaTime) throws(MediaError) {
        while !hasEnded {
            guard let packet = try nextPacket() else { return }
            guard let moment = decodeTime(of: packet) else {
                try write(packet)
                continue
            }
            if moment - shift > time { return }
            try write(packet)
        }
    }

    /// Copies the rest.
    func finish() throws(MediaError) {
        while !hasEnded {
            guard let packet = try nextPacket() else { break }
            // Behind the piece nothing is wanted; streams are interleaved within a few seconds.
            if let end, let moment = decodeTime(of: packet), moment > end + MediaTime(seconds: 10) { break }
            try write(packet)
        }
        hasEnded = true
        for (index, route) in routes.sorted(by: { $0.key < $1.key }) where route.refused > 0 {
            notes.append(
                "Stream \(index) (\(summary.streams[index].kind.rawValue)): \(route.refused)"
                    + " packet\(route.refused == 1 ? " is" : "s are") damaged beyond what the container holds; left out."
            )
        }
        for (index, route) in routes.sorted(by: { $0.key < $1.key }) where route.repaired > 0 {
            let count = route.repaired
            notes.append(
                "Stream \(index) (\(summary.streams[index].kind.rawValue)): \(count) timestamp\(count == 1 ? "" : "s")"
                    + " missing, repeated or running backwards in the source; repaired.")
        }
    }

    private func nextPacket() throws(MediaError) -> UnsafeMutablePointer<AVPacket>? {
        if routes.isEmpty { hasEnded = true }
        while pending == nil && !hasEnded {
            switch demuxer.read() {
            case .packet(let packet):
                failuresInRow = 0
                if routes[Int(packet.pointee.stream_index)] != nil { pending = packet }
            case .end: hasEnded = true
            case .failure(let error):
                if error.code == heirloom_averror(EAGAIN) { continue }
                if error.code == heirloom_averror(EIO) || error.code == heirloom_averror(ENOMEM) {
                    throw error.mediaError(.unreadable, "copy the sound of", path: source.path)
                }
                failuresInRow += 1
                if failuresInRow >= 16 {
                    notes.append("The source cannot be read to its end (\(error.text)); the other streams stop there.")
                    hasEnded = true
                }
            }
        }
        return pending
    }

    private func decodeTime(of packet: UnsafeMutablePointer<AVPacket>) -> MediaTime? {
        guard let route = routes[Int(packet.pointee.stream_index)] else { return nil }
        let ticks = packet.pointee.dts != heirloom_nopts() ? packet.pointee.dts : packet.pointee.pts
        return ticks == heirloom_nopts() ? nil : MediaTime(ticks + route.offset, route.inputBase)
    }

    private func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        pending = nil
        let index = Int(packet.pointee.stream_index)
        guard var route = routes[index] else { return }
        repair(packet, &route)
        defer { routes[index] = route }
        guard cut(packet, route) else { return }
        let ticks = shift.rescaled(to: route.inputBase).value
        packet.pointee.pts -= ticks
        packet.pointee.dts -= ticks
        av_packet_rescale_ts(packet, route.inputBase.av, route.output.pointee.time_base)
        separate(packet, &route)
        packet.pointee.stream_index = route.output.pointee.index
        packet.pointee.pos = -1
        if try !muxer.copy(packet) { route.refused += 1 }
    }

    /// Gives a packet timestamps that exist and do not run backwards: muxers refuse others.
    private func repair(_ packet: UnsafeMutablePointer<AVPacket>, _ route: inout Route) {
        let nopts = heirloom_nopts()
        let expected = route.lastDecodeTime.map { $0 + max(route.lastDuration, 1) } ?? 0
        if packet.pointee.pts != nopts { packet.pointee.pts += route.offset }
        if packet.pointee.dts != nopts { packet.pointee.dts += route.offset }
        if packet.pointee.dts == nopts {
            if packet.pointee.pts == nopts { route.repaired += 1 }
            packet.pointee.dts = packet.pointee.pts == nopts ? expected : packet.pointee.pts
            if let early = decodeTimeOfPicture(packet, route, expected: expected) { packet.pointee.dts = early }
        }
        let second = MediaTime(seconds: 1).rescaled(to: route.inputBase).value
        if let last = route.lastDecodeTime, packet.pointee.dts < last {
            let step = expected - packet.pointee.dts
            if packet.pointee.dts < last - second { route.offset += step }  // two recordings joined
            if packet.pointee.pts != nopts { packet.pointee.pts += step }
            packet.pointee.dts += step
            route.repaired += 1
        }
        if packet.pointee.pts == nopts { packet.pointee.pts = packet.pointee.dts }
        // Where a header understates a track, its last packet comes without a length and players would cut it off.
        let parameters = route.input.pointee.codecpar!
        if packet.pointee.duration <= 0, parameters.pointee.codec_type == AVMEDIA_TYPE_AUDIO {
            let samples = av_get_audio_frame_duration2(parameters, packet.pointee.size)
            let rate = parameters.pointee.sample_rate
            packet.pointee.duration =
                samples > 0 && rate > 0
                ? MediaTime(Int64(samples), Rational(1, rate)).rescaled(to: route.inputBase).value
                : route.lastDuration
        }
        route.lastDecodeTime = packet.pointee.dts
        route.lastDuration = packet.pointee.duration
    }

    /// Moves a packet by a tick where the muxer wants every decoding time to be later than the last: in damaged sources
    /// times repeat, and coarser ticks make neighbours equal.
    private func separate(_ packet: UnsafeMutablePointer<AVPacket>, _ route: inout Route) {
        let kind = route.output.pointee.codecpar.pointee.codec_type
        guard muxer.needsIncreasingTimes, kind == AVMEDIA_TYPE_AUDIO || kind == AVMEDIA_TYPE_VIDEO else { return }
        if let last = route.lastWritten, packet.pointee.dts <= last {
            packet.pointee.dts = last + 1
            packet.pointee.pts = max(packet.pointee.pts, packet.pointee.dts)
            route.repaired += 1
        }
        route.lastWritten = packet.pointee.dts
    }

    /// When a picture without a decoding time is decoded: before the pictures that are shown before it.
    private func decodeTimeOfPicture(
        _ packet: UnsafeMutablePointer<AVPacket>, _ route: Route, expected: Int64
    ) -> Int64? {
        let parameters = route.input.pointee.codecpar.pointee
        guard parameters.codec_type == AVMEDIA_TYPE_VIDEO, packet.pointee.pts != heirloom_nopts() else { return nil }
        if route.lastDecodeTime != nil { return min(packet.pointee.pts, expected) }
        return packet.pointee.pts - Int64(parameters.video_delay) * max(packet.pointee.duration, 1)
    }

    /// Whether a packet belongs to the piece; subtitles that reach into it are shortened.
    private func cut(_ packet: UnsafeMutablePointer<AVPacket>, _ route: Route) -> Bool {
        guard source.isPiece else { return true }
        var start = MediaTime(packet.pointee.pts, route.inputBase)
        if let end, start >= end { return false }
        let isSubtitle = route.input.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE
        if start < shift {
            guard isSubtitle, start + MediaTime(packet.pointee.duration, route.inputBase) > shift else { return false }
            let late = shift.rescaled(to: route.inputBase, rounding: .up).value - packet.pointee.pts
            packet.pointee.pts += late
            packet.pointee.dts += late
            packet.pointee.duration -= late
            start = MediaTime(packet.pointee.pts, route.inputBase)
        }
        if isSubtitle, let end, start + MediaTime(packet.pointee.duration, route.inputBase) > end {
            packet.pointee.duration = (end - start).rescaled(to: route.inputBase, rounding: .down).value
        }
        return true
    }
}
