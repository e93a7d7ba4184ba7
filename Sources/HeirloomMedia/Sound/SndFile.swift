import CSndFile
import Foundation

/// libsndfile's answers as Swift values.
enum SndFile {
    /// Opens a file for reading; nil where libsndfile does not know it.
    static func open(_ path: String, _ facts: inout SF_INFO) -> OpaquePointer? {
        // libsndfile takes a bare "-" for the standard input.
        sf_open(path == "-" ? "./-" : path, Int32(SFM_READ), &facts)
    }

    /// The library's words for what went wrong last, in lower case and without a full stop.
    static func words(_ handle: OpaquePointer?) -> String {
        var text = sf_strerror(handle).map { String(cString: $0) } ?? "unknown error"
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// All that an opened file says about itself.
    static func info(url: URL, _ facts: SF_INFO, _ handle: OpaquePointer) -> AudioInfo {
        let format = Int(facts.format)
        var info = AudioInfo(
            url: url, sampleRate: Int(facts.samplerate), channelCount: Int(facts.channels),
            sampleCount: facts.frames >= 0 && facts.frames < sf_count_t.max / 2 ? Int(facts.frames) : nil,
            container: name(of: format & SF_FORMAT_TYPEMASK), codec: name(of: format & SF_FORMAT_SUBMASK),
            sampleFormat: sampleFormat(format))
        for (type, key) in tags {
            guard let text = sf_get_string(handle, Int32(type)).map({ String(cString: $0) }), !text.isEmpty else {
                continue
            }
            info.tags[key] = text
        }
        info.broadcast = broadcast(handle)
        info.cues = cues(handle)
        return info
    }

    /// libsndfile's tags and our names for them.
    static let tags: [(type: Int, key: String)] = [
        (SF_STR_TITLE, "title"), (SF_STR_COPYRIGHT, "copyright"), (SF_STR_SOFTWARE, "software"),
        (SF_STR_ARTIST, "artist"), (SF_STR_COMMENT, "comment"), (SF_STR_DATE, "date"), (SF_STR_ALBUM, "album"),
        (SF_STR_LICENSE, "license"), (SF_STR_TRACKNUMBER, "tracknumber"), (SF_STR_GENRE, "genre"),
    ]

    /// A sentence where the header states more sound than the file holds.
    static func truncationNote(_ handle: OpaquePointer, _ info: AudioInfo) -> String? {
        var log = [CChar](repeating: 0, count: 1 << 14)
        sf_command(handle, Int32(SFC_GET_LOG_INFO), &log, Int32(log.count - 1))
        let lines = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: "\n")
        let isCut = lines.contains { line in
            // " data : 60024 (should be 29972)"
            let words = line.split { !$0.isLetter && !$0.isNumber }
            guard let name = words.first?.lowercased(), ["data", "ssnd", "riff", "form"].contains(name),
                words.count >= 5, words[2] == "should", let stated = Int(words[1]), let real = Int(words[4])
            else { return false }
            return stated > real + 8
        }
        guard isCut else { return nil }
        let end = info.duration.map { MediaTime(seconds: $0).description } ?? "an unknown time"
        return "Its header states another length than the file has: it was cut off, or the recorder was not stopped"
            + " properly. It is read to its end at \(end)."
    }

    private static func name(of format: Int) -> String {
        var facts = SF_FORMAT_INFO()
        facts.format = Int32(format)
        guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &facts, Int32(MemoryLayout<SF_FORMAT_INFO>.size)) == 0,
            let name = facts.name
        else { return "unknown" }
        return String(cString: name)
    }

    private static func sampleFormat(_ format: Int) -> SampleFormat {
        switch format & SF_FORMAT_SUBMASK {
        case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_ALAC_16, SF_FORMAT_DPCM_8,
            SF_FORMAT_DPCM_16:
            return .int16
        case SF_FORMAT_PCM_24, SF_FORMAT_ALAC_20, SF_FORMAT_ALAC_24: return .int24
        case SF_FORMAT_PCM_32, SF_FORMAT_ALAC_32: return .int32
        case SF_FORMAT_FLOAT: return .float32
        case SF_FORMAT_DOUBLE: return .float64
        default: return .compressed
        }
    }

    private static func broadcast(_ handle: OpaquePointer) -> BroadcastInfo? {
        var facts = SF_BROADCAST_INFO()
        guard
            sf_command(
                handle, Int32(SFC_GET_BROADCAST_INFO), &facts, Int32(MemoryLayout<SF_BROADCAST_INFO>.size)) != 0
        else { return nil }
        let reference = UInt64(facts.time_reference_high) << 32 | UInt64(facts.time_reference_low)
        return BroadcastInfo(
            description: text(facts.description), originator: text(facts.originator),
            originatorReference: text(facts.originator_reference), originationDate: text(facts.origination_date),
            originationTime: text(facts.origination_time), timeReference: Int(clamping: reference))
    }

    private static func cues(_ handle: OpaquePointer) -> [AudioCue] {
        var count: UInt32 = 0
        sf_command(handle, Int32(SFC_GET_CUE_COUNT), &count, Int32(MemoryLayout<UInt32>.size))
        guard count > 0, count <= 100_000 else { return [] }
        return withCueMemory(count: Int(count)) { memory, size in
            guard sf_command(handle, Int32(SFC_GET_CUE), memory, Int32(size)) != 0 else { return [] }
            let points = cuePoints(memory)
            let found = min(memory.load(as: UInt32.self), count)
            return (0..<Int(found)).map { index in
                AudioCue(position: Int(points[index].sample_offset), name: text(points[index].name))
            }
        }
    }

    /// Memory for a list of marks as libsndfile lays it out: a count, then the marks; zeroed, valid in the body.
    static func withCueMemory<R>(count: Int, _ body: (UnsafeMutableRawPointer, Int) -> R) -> R {
        let size = MemoryLayout<UInt32>.size + count * MemoryLayout<SF_CUE_POINT>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        defer { memory.deallocate() }
        return body(memory, size)
    }

    static func cuePoints(_ memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<SF_CUE_POINT> {
        (memory + MemoryLayout<UInt32>.size).assumingMemoryBound(to: SF_CUE_POINT.self)
    }

    /// A field of characters up to its first zero.
    static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Fills a field of characters, cut at its end where a character is whole.
    static func set<Field>(_ text: String, in field: inout Field) {
        withUnsafeMutableBytes(of: &field) { bytes in
            var text = Substring(text)
            while text.utf8.count > bytes.count { text.removeLast() }
            for (index, byte) in text.utf8.enumerated() { bytes[index] = byte }
        }
    }
}
