import HeirloomTensors

/// The number type that networks compute in.
public enum Precision: String, CaseIterable, Sendable, Codable {
    /// The fastest that keeps the result: half precision on a GPU; on a CPU by what the processor has.
    case auto
    /// 32 bits: the reference.
    case float32
    /// 16 bits with the range of float32.
    case bfloat16
    /// 16 bits with more digits and less range; for GPUs.
    case float16

    /// The number type; nil for `auto`.
    var dtype: DType? {
        switch self {
        case .auto: nil
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }
}
