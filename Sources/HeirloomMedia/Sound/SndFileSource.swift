import CSndFile
import Foundation

/// Sound that libsndfile reads.
final class SndFileSource: SoundSource {
    let info: AudioInfo
    private(set) var notes: [String] = []

    private let path: String
    private var handle: OpaquePointer
    private let isSeekable: Bool
    /// The handle's own position, in samples of a channel.
    private var position = 0
    private var scratch: [Float] = []
    private var hasFailed = false

    /// At most this many samples of all channels are fetched at once.
    private static let block = 1 << 17

    /// Opens a file; nil where libsndfile does not know it, so that another library may try.
    init?(url: URL, path: String) throws(MediaError) {
        guard !SndFileSource.isLeftToFFmpeg(path) else { return nil }
        var facts = SF_INFO()
        guard let opened = SndFile.open(path, &facts) else { return nil }
        // Nothing but the ending says what is in a file without a header; two endings are never anything else.
        let kind = Int(facts.format) & SF_FORMAT_TYPEMASK
        let ending = url.pathExtension.lowercased()
        let isForeign = [SF_FORMAT_OGG, SF_FORMAT_MPEG].contains(kind)
        guard !isForeign, kind != SF_FORMAT_RAW || ending == "gsm" || ending == "vox" else {
            sf_close(opened)
            return nil
        }
        handle = opened
        self.path = path
        isSeekable = facts.seekable != 0
        do throws(MediaError) {
            try SoundLimits.require(
                channels: Int(facts.channels), rate: Int(facts.samplerate), path: path,
                operation: AudioReader.operation)
        } catch {
            sf_close(opened)
            throw error
        }
        info = SndFile.info(url: url, facts, opened)
        if let note = SndFile.truncationNote(opened, info) { notes.append(note) }
    }

    deinit { sf_close(handle) }

    func read(_ count: Int) throws(MediaError) -> [[Float]] {
        let width = info.channelCount
        let step = max(1, SndFileSource.block / width)
        var channels = [[Float]](repeating: [], count: width)
        var missing = count
        while missing > 0 && !hasFailed {
            let wanted = min(missing, step)
            if scratch.count < wanted * width { scratch = [Float](repeating: 0, count: wanted * width) }
            let got = Int(
                scratch.withUnsafeMutableBufferPointer { buffer in
                    sf_readf_float(handle, buffer.baseAddress, sf_count_t(wanted))
                })
            if got > 0 {
                Interleaving.append(scratch, count: got, to: &channels)
                position += got
                missing -= got
            }
            if got < wanted {
                try noteFailure()
                break
            }
        }
        return channels
    }

    func seek(to sample: Int) throws(MediaError) {
        hasFailed = false
        if isSeekable, seekDirectly(to: sample) { return }
        if sample < position { try reopen() }
        try skip(sample - position)
    }

    /// Whether the first bytes are those of Ogg or MP3: libsndfile 1.2 crashes on damaged Vorbis, and its MP3 decoder
    /// prints to the terminal. FFmpeg reads both.
    private static func isLeftToFFmpeg(_ path: String) -> Bool {
        guard let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        var head = [UInt8](repeating: 0, count: 4)
        guard fread(&head, 1, 4, file) == 4 else { return false }
        let isFrame = head[0] == 0xFF && head[1] & 0xE0 == 0xE0 && head[1] & 0x06 != 0
        return isFrame || head.starts(with: Array("ID3".utf8)) || head == Array("OggS".utf8)
            || path.lowercased().hasSuffix(".mp3")
    }

    private func seekDirectly(to sample: Int) -> Bool {
        // Lossy codings carry a state from packet to packet: come from a little before.
        let early = info.sampleFormat == .compressed ? max(0, sample - info.sampleRate / 2) : sample
        if let end = info.sampleCount, early >= end {
            position = sample
            hasFailed = true  // nothing is there to read
            return true
        }
        guard sf_seek(handle, sf_count_t(early), SEEK_SET) == sf_count_t(early) else { return false }
        position = early
        do throws(MediaError) { try skip(sample - early) } catch { return false }
        return true
    }

    private func skip(_ count: Int) throws(MediaError) {
        var missing = count
        while missing > 0 {
            let got = try read(min(missing, 1 << 16))[0].count
            if got == 0 { return }
            missing -= got
        }
    }

    private func reopen() throws(MediaError) {
        var facts = SF_INFO()
        guard let opened = SndFile.open(path, &facts) else {
            throw MediaError(
                .unreadable, AudioReader.operation, path: path, reason: SndFile.words(nil),
                advice: "check that nothing else writes to the file")
        }
        sf_close(handle)
        handle = opened
        position = 0
    }

    private func noteFailure() throws(MediaError) {
        let code = sf_error(handle)
        guard code != 0 else { return }
        hasFailed = true
        if code == SF_ERR_SYSTEM {
            throw MediaError(
                .unreadable, AudioReader.operation, path: path, reason: SndFile.words(handle),
                advice: "the disk or the connection to it fails: check it")
        }
        let place = MediaTime(seconds: Double(position) / Double(info.sampleRate))
        notes.append("The sound cannot be read on at \(place) (\(SndFile.words(handle))); it ends there.")
    }
}
