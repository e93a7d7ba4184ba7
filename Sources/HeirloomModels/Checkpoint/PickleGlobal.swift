import HeirloomTensors

/// The only names that a checkpoint may refer to. Each is a description of data; none is ever looked up or run.
enum PickleGlobal: Hashable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case slice
    case size
    case storage(DType)

    private static let allowed: [String: PickleGlobal] = [
        "collections OrderedDict": .orderedDictionary,
        "torch._utils _rebuild_tensor_v2": .rebuildTensor,
        "torch._utils _rebuild_parameter": .rebuildParameter,
        "__builtin__ slice": .slice,
        "builtins slice": .slice,
        "torch Size": .size,
        "torch FloatStorage": .storage(.float32),
        "torch DoubleStorage": .storage(.float64),
        "torch HalfStorage": .storage(.float16),
        "torch BFloat16Storage": .storage(.bfloat16),
        "torch LongStorage": .storage(.int64),
        "torch IntStorage": .storage(.int32),
        "torch ShortStorage": .storage(.int16),
        "torch CharStorage": .storage(.int8),
        "torch ByteStorage": .storage(.uint8),
        "torch BoolStorage": .storage(.bool),
    ]

    init?(module: String, name: String) {
        guard let known = Self.allowed["\(module) \(name)"] else { return nil }
        self = known
    }

    var name: String { Self.allowed.first { $0.value == self }?.key ?? "a name" }
}

/// Where the elements of tensors are: the persistent id that a pickle names them by.
struct TorchStorage: Hashable {
    let dtype: DType
    let key: String
    let count: Int
}

/// A view of a storage, as `_rebuild_tensor_v2` describes it.
struct StoredTensor {
    let storage: TorchStorage
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}
