import CLibAV
import Foundation

/// A film's sound track that is encoded from a sound file while the film is written. Used on one thread.
final class SoundTrack {
    /// What the old track is called where it is kept behind the new one.
    static let originalTitle = "Original sound"

    /// Sentences about the sound file.
    var notes: [String] { sound.notes }
    /// How much of the sound file has been read, 0 to 1.
    private(set) var fraction = 0.0

    private let sound: AudioReader
    private let encoder: SoundEncoder
    private let resampler: AudioResampler
    private let muxer: Muxer
    private let track: UnsafeMutablePointer<AVStream>
    private let base: Rational
    /// When the first sample is heard on the film's clock, in seconds.
    private var start: Double
    /// The sample behind the last that is wanted.
    private var end = Int.max
    private var first = 0
    private var hasEnded = false

    /// Opens the encoder and fills in the output's stream: FLAC in Matroska, AAC elsewhere.
    ///
    /// - Parameters:
    ///   - track: the output's stream.
    ///   - start: when the sound begins on the film's clock, in seconds.
    ///   - path: the output, for errors.
    init(
        _ sound: AudioReader, as track: UnsafeMutablePointer<AVStream>, start: Double, muxer: Muxer, path: String,
        operation: String
    ) throws(MediaError) {
        encoder = try SoundEncoder(
            muxer.container == .matroska ? .flac : .aac, sampleRate: sound.info.sampleRate,
            channelCount: sound.info.channelCount, needsGlobalHeader: muxer.needsGlobalHeader, path: path,
            operation: operation)
        guard avcodec_parameters_from_context(track.pointee.codecpar, encoder.context) >= 0 else {
            throw MediaError(.libraryFailure, operation, path: path, reason: "the memory does not suffice")
        }
        base = Rational(1, Int32(encoder.sampleRate))
        track.pointee.time_base = base.av
        resampler = try AudioResampler(
            from: sound.info.sampleRate, to: encoder.sampleRate, channelCount: sound.info.channelCount)
        self.sound = sound
        self.start = start
        self.track = track
        self.muxer = muxer
    }

    /// The tick of the track's timestamps before the container changes it.
    var timeBase: Rational { base }

    /// Moves the sound to the output's clock and cuts it to a piece of the film: before anything is written.
    ///
    /// - Parameters:
    ///   - shift: what is subtracted from the film's clock.
    ///   - end: where the piece ends on the film's clock; nil where the output is no piece of a film.
    func begin(shift: MediaTime, isPiece: Bool, end: MediaTime?) throws(MediaError) {
        start -= shift.seconds
        let rate = Double(sound.info.sampleRate)
        if isPiece && start < 0 {
            let skipped = Int((-start * rate).rounded(.up))
            try sound.seek(to: skipped)
            start += Double(skipped) / rate
            if let end { self.end = skipped + Int((((end - shift).seconds - start) * rate).rounded()) }
        } else if let end {
            self.end = Int((((end - shift).seconds - start) * rate).rounded())
        }
        first = sound.position
        encoder.begin(at: start)
    }

    /// Writes the sound up to a moment of the film; nil for all of it.
    ///
    /// - Parameter before: called with the time of each packet before it is written, to write what belongs there first.
    func advance(
        to time: MediaTime?, before: (MediaTime) throws(MediaError) -> Void
    ) throws(MediaError) {
        while !hasEnded {
            if let time, position > time { return }
            try step(before)
        }
    }

    /// How far the sound has come on the film's clock: what is read, which is a little more than what is written.
    private var position: MediaTime {
        let rate = Double(sound.info.sampleRate)
        return MediaTime(seconds: start + Double(sound.position - first) / rate)
    }

    private func step(_ before: (MediaTime) throws(MediaError) -> Void) throws(MediaError) {
        let wanted = min(1 << 13, end - sound.position)
        if wanted > 0, let chunk = try sound.read(wanted) {
            try write(try resampler.process(chunk.channels), before)
            if let all = sound.info.sampleCount, all > 0 { fraction = min(1, Double(sound.position) / Double(all)) }
            return
        }
        hasEnded = true
        try write(try resampler.finish(), before)
        try write(nil, before)
    }

    private func write(
        _ channels: [[Float]]?, _ before: (MediaTime) throws(MediaError) -> Void
    ) throws(MediaError) {
        try encoder.encode(channels) { packet throws(MediaError) in
            try before(MediaTime(packet.pointee.dts, base))
            av_packet_rescale_ts(packet, base.av, track.pointee.time_base)
            packet.pointee.stream_index = track.pointee.index
            try muxer.write(packet)
        }
    }
}
