/// Walks through one message of a protobuf file: numbered fields, each with a number or with bytes.
///
/// Every length is compared with what there is before it is used.
struct ProtobufReader {
    /// What a field holds.
    enum Value {
        case number(UInt64)
        /// Four or eight bytes.
        case fixed(Range<Int>)
        /// Text, an inner message, or packed numbers.
        case bytes(Range<Int>)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    /// Begins a message that lies at some bytes.
    init(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field, nil at the end.
    mutating func next() throws(CheckpointError) -> (field: Int, value: Value)? {
        guard position < end else { return nil }
        let start = position
        let tag = try number()
        let value: Value
        switch tag & 7 {
        case 0: value = .number(try number())
        case 1: value = .fixed(try take(8))
        case 2:
            let length = try number()
            guard let count = Int(exactly: length) else { throw Self.fault("a length of \(length) bytes", at: start) }
            value = .bytes(try take(count))
        case 5: value = .fixed(try take(4))
        default: throw Self.fault("a field of kind \(tag & 7)", at: start)
        }
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw Self.fault("a field numbered \(tag >> 3)", at: start) }
        return (Int(tag >> 3), value)
    }

    /// The numbers that follow each other in a packed field.
    static func numbers(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) throws(CheckpointError) -> [UInt64] {
        var reader = ProtobufReader(bytes, at: range)
        var found: [UInt64] = []
        while reader.position < reader.end { found.append(try reader.number()) }
        return found
    }

    private mutating func number() throws(CheckpointError) -> UInt64 {
        var value: UInt64 = 0
        let start = position
        for shift in stride(from: 0, to: 64, by: 7) {
            guard position < end else { throw Self.fault("a number that ends too early", at: start) }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard shift < 63 || byte < 2 else { break }
                return value
            }
        }
        throw Self.fault("a number of more than 64 bits", at: start)
    }

    private mutating func take(_ count: Int) throws(CheckpointError) -> Range<Int> {
        guard count <= end - position else {
            throw Self.fault("\(count) bytes where there are \(end - position)", at: position)
        }
        defer { position += count }
        return position..<position + count
    }

    private static func fault(_ what: String, at position: Int) -> CheckpointError {
        CheckpointError(.corrupt, reason: "is damaged: it names \(what), at byte \(position)")
    }
}
