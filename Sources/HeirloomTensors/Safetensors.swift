/// The safetensors format: an 8-byte length, a JSON header, and the elements of the tensors one after the other.
public enum Safetensors {
    /// Longest header that is read or written, as in the reference implementation.
    static let maximumHeaderBytes = 100_000_000

    /// The element type of a name in the header.
    static func dtype(_ name: String) -> DType? { names[name] }

    /// The name of an element type, nil for those the format does not have.
    static func name(_ dtype: DType) -> String? { names.first { $0.value == dtype }?.key }

    private static let names: [String: DType] = [
        "BOOL": .bool, "U8": .uint8, "I8": .int8, "I16": .int16, "I32": .int32, "I64": .int64, "F16": .float16,
        "BF16": .bfloat16, "F32": .float32, "F64": .float64, "C64": .complex64,
    ]
}
