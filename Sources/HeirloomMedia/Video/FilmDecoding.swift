import CLibAV
import Foundation

/// A film's file and its decoder as one source of decoded frames, drained to the last and going on after damage.
///
/// Used on one thread.
final class FilmDecoding {
    let demuxer: Demuxer
    let stream: UnsafeMutablePointer<AVStream>
    let timeBase: Rational
    /// Damage before this time (in ticks) is not counted: it lies before the piece that was asked for.
    var damageFloor = Int64.min
    private(set) var damage = DamageReport()
    /// Packets of the picture that were given to the decoder.
    private(set) var packetCount = 0

    private let decoder: VideoDecoder
    private let operation: String
    private var state = State.reading
    private var isPeeked = false
    private var peeked: UnsafeMutablePointer<AVFrame>?
    private var failuresInRow = 0
    private var lastPacketTime: MediaTime?
    private var furthest: MediaTime?

    private enum State {
        case reading
        case draining
        case ended
    }

    /// Opens a film at its beginning.
    init(path: String, operation: String, maximumPixels: Int, threads: Int) throws(MediaError) {
        demuxer = try Demuxer(path: path, operation: operation, maximumPixels: maximumPixels)
        stream = demuxer.streams[try demuxer.filmIndex()]
        guard let base = stream.pointee.time_base.rational else {
            throw MediaError(
                .corrupt, operation, path: path, reason: "its picture has no clock (time base 0)",
                advice: "copy it again from where it came from")
        }
        timeBase = base
        self.operation = operation
        decoder = try VideoDecoder(
            stream, threads: threads, maximumPixels: maximumPixels, path: path, operation: operation)
    }

    /// The next frame in the order of display, borrowed until the next call; nil at the end.
    ///
    /// - Throws: `unreadable` where the disk fails; damage does not throw, it is counted.
    func next() throws(MediaError) -> UnsafeMutablePointer<AVFrame>? {
        if isPeeked {
            isPeeked = false
            return peeked
        }
        while state != .ended {
            switch decoder.receive() {
            case .frame(let frame): return frame
            case .drained: state = .ended
            case .failure(let error): try count(error, at: lastPacketTime)
            case .wantsPacket:
                // A draining decoder that wants a packet has been flushed by an error; there is nothing left to send.
                if state == .draining { state = .ended } else { try feed() }
            }
        }
        return nil
    }

    /// Lets the next call of `next()` return again what the last one returned.
    func putBack(_ frame: UnsafeMutablePointer<AVFrame>?) {
        peeked = frame
        isPeeked = true
    }

    /// Goes to a place from which decoding reaches the moment; false where the container cannot.
    func seek(to time: MediaTime) -> Bool {
        guard demuxer.seek(to: time, stream: Int(stream.pointee.index)) else { return false }
        decoder.flush()
        state = .reading
        isPeeked = false
        failuresInRow = 0
        return true
    }

    /// Counts a frame that the decoder called damaged.
    func countCorrupt(at time: MediaTime) {
        damage.corruptFrames += 1
        damage.note(time)
    }

    /// The nominal length of a frame, in ticks; nil where the frame rate is unknown.
    var nominalDuration: Int64? {
        let rate = stream.pointee.avg_frame_rate.rational ?? stream.pointee.r_frame_rate.rational
        guard let rate, rate > Rational(1, 10) else { return nil }
        return max(1, MediaTime(1, rate.inverted).rescaled(to: timeBase).value)
    }

    private func feed() throws(MediaError) {
        switch demuxer.read() {
        case .end:
            checkEnd()
            state = .draining
            _ = decoder.send(nil)
        case .failure(let error):
            if error.code == heirloom_averror(EAGAIN) { return }
            if error.code == heirloom_averror(EIO) || error.code == heirloom_averror(ENOMEM) {
                throw error.mediaError(.unreadable, operation, path: demuxer.path)
            }
            failuresInRow += 1
            // Some demuxers resynchronise after an error, others repeat it for ever.
            if failuresInRow >= 16 {
                damage.endsEarly = "the file cannot be read on (\(error.text))"
                state = .draining
                _ = decoder.send(nil)
            }
        case .packet(let packet):
            failuresInRow = 0
            reach(packet)
            guard packet.pointee.stream_index == stream.pointee.index else { return }
            packetCount += 1
            let ticks = packet.pointee.pts != heirloom_nopts() ? packet.pointee.pts : packet.pointee.dts
            let time = ticks == heirloom_nopts() ? nil : MediaTime(ticks, timeBase)
            lastPacketTime = time
            if let error = decoder.send(packet) { try count(error, at: time) }
        }
    }

    private func count(_ error: LibraryError, at time: MediaTime?) throws(MediaError) {
        if error.code == heirloom_averror(ENOMEM) {
            throw MediaError(
                .libraryFailure, operation, path: demuxer.path, reason: "the memory does not suffice for its frames",
                advice: "close other programs")
        }
        if let time, time.value < damageFloor { return }
        damage.undecodablePackets += 1
        damage.note(time)
    }

    /// Remembers how far any stream reaches, to tell a film that was cut off from one whose sound is longer.
    private func reach(_ packet: UnsafeMutablePointer<AVPacket>) {
        let owner = demuxer.context.pointee.streams[Int(packet.pointee.stream_index)]
        let ticks = packet.pointee.pts != heirloom_nopts() ? packet.pointee.pts : packet.pointee.dts
        guard let owner, let base = owner.pointee.time_base.rational, ticks != heirloom_nopts() else { return }
        // A subtitle may be shown far beyond the place where the file ends.
        let kind = owner.pointee.codecpar.pointee.codec_type
        guard kind == AVMEDIA_TYPE_VIDEO || kind == AVMEDIA_TYPE_AUDIO else { return }
        let end = MediaTime(ticks + max(0, packet.pointee.duration), base)
        if let furthest, furthest >= end { return }
        furthest = end
    }

    private func checkEnd() {
        guard let stated = demuxer.duration, let furthest else { return }
        let end = demuxer.start + stated
        guard (end - furthest).seconds > 1 else { return }
        damage.endsEarly = "its header states \(stated), its data end at \(furthest - demuxer.start)"
    }
}
