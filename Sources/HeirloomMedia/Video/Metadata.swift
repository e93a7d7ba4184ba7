import CLibAV

/// FFmpeg's dictionaries as Swift ones.
enum Metadata {
    /// All entries of a dictionary.
    static func read(_ dictionary: OpaquePointer?) -> [String: String] {
        var result: [String: String] = [:]
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
            result[String(cString: next.pointee.key)] = String(cString: next.pointee.value)
            entry = next
        }
        return result
    }

    /// Sets entries in the order of their keys, so that equal inputs give equal files.
    static func write(_ entries: [String: String], to dictionary: inout OpaquePointer?) {
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) { av_dict_set(&dictionary, key, value, 0) }
    }

    /// Whether an entry tells of the file that it stood in and not of the film: it must not be copied.
    static func describesFile(_ key: String) -> Bool {
        let key = key.lowercased()
        return [
            "encoder", "major_brand", "minor_version", "compatible_brands", "rotate", "duration", "number_of_frames",
            "number_of_bytes", "bps", "handler_name", "vendor_id", "creation_time_of_file",
        ].contains(key) || key.hasPrefix("_statistics_") || key.hasPrefix("bps-") || key.hasPrefix("duration-")
            || key.hasPrefix("number_of_frames-") || key.hasPrefix("number_of_bytes-")
    }
}
