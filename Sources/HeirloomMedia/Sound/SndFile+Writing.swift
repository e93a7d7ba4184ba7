import CSndFile
import Foundation

/// What is written beside the samples.
extension SndFile {
    /// Sets tags before the first sample.
    ///
    /// - Returns: the keys that the file has no place for, in quotes.
    static func write(tags entries: [String: String], to handle: OpaquePointer) -> [String] {
        entries.sorted { $0.key < $1.key }.compactMap { key, value in
            guard !value.isEmpty else { return nil }
            guard let type = tags.first(where: { $0.key == key.lowercased() })?.type,
                sf_set_string(handle, Int32(type), value) == 0
            else { return "'\(key)'" }
            return nil
        }
    }

    /// Sets the broadcast extension; false where the file has no place for it.
    static func write(_ broadcast: BroadcastInfo, to handle: OpaquePointer) -> Bool {
        var facts = SF_BROADCAST_INFO()
        set(broadcast.description, in: &facts.description)
        set(broadcast.originator, in: &facts.originator)
        set(broadcast.originatorReference, in: &facts.originator_reference)
        set(broadcast.originationDate, in: &facts.origination_date)
        set(broadcast.originationTime, in: &facts.origination_time)
        let reference = UInt64(max(0, broadcast.timeReference))
        facts.time_reference_low = UInt32(truncatingIfNeeded: reference)
        facts.time_reference_high = UInt32(truncatingIfNeeded: reference >> 32)
        facts.version = 1
        return sf_command(
            handle, Int32(SFC_SET_BROADCAST_INFO), &facts, Int32(MemoryLayout<SF_BROADCAST_INFO>.size)) == SF_TRUE
    }

    /// Sets marked places; false where the file has no place for them.
    static func write(_ cues: [AudioCue], to handle: OpaquePointer) -> Bool {
        let cues = cues.filter { $0.position >= 0 && $0.position <= Int(UInt32.max) }
        return withCueMemory(count: cues.count) { memory, size in
            memory.storeBytes(of: UInt32(cues.count), as: UInt32.self)
            let points = cuePoints(memory)
            for (index, cue) in cues.enumerated() {
                points[index].indx = Int32(index + 1)
                points[index].position = UInt32(cue.position)
                points[index].fcc_chunk = Int32(bitPattern: UInt32(0x6174_6164))  // "data"
                points[index].sample_offset = UInt32(cue.position)
                set(cue.name, in: &points[index].name)
            }
            return sf_command(handle, Int32(SFC_SET_CUE), memory, Int32(size)) == SF_TRUE
        }
    }
}
