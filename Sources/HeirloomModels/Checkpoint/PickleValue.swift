/// What a pickle may be made of here: plain data, containers, and descriptions of tensors. No objects, no code.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    /// A whole number too long for an Int, as little-endian bytes.
    case long([UInt8])
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case tuple(PickleSequence)
    case list(PickleSequence)
    case dictionary(PickleDictionary)
    case global(PickleGlobal)
    case storage(TorchStorage)
    case tensor(StoredTensor)
    /// An allowed object whose content is of no interest (a Python slice).
    case opaque
    /// Where a list of operands begins on the stack.
    case mark

    var int: Int? {
        if case .int(let value) = self { value } else { nil }
    }
    var text: String? {
        if case .text(let value) = self { value } else { nil }
    }
    var items: [PickleValue]? {
        switch self {
        case .tuple(let sequence), .list(let sequence): sequence.items
        default: nil
        }
    }
    /// The numbers of a short list: a shape or strides.
    var integers: [Int]? {
        guard let items, items.count <= 16 else { return nil }
        let integers = items.compactMap(\.int)
        return integers.count == items.count ? integers : nil
    }

    /// What the value is, for messages.
    var kind: String {
        switch self {
        case .none: "nothing"
        case .bool, .int, .long, .double: "a number"
        case .text, .bytes: "a text"
        case .tuple, .list: "a list"
        case .dictionary: "a table"
        case .global(let global): global.name
        case .storage: "a storage"
        case .tensor: "a tensor"
        case .opaque: "an object"
        case .mark: "a mark"
        }
    }
}

/// A list or tuple; a reference, as later opcodes fill a list that was already stored elsewhere.
final class PickleSequence {
    var items: [PickleValue]
    init(_ items: [PickleValue]) { self.items = items }
}

/// A dictionary in insertion order; only texts are of interest as keys, others are counted.
final class PickleDictionary {
    private(set) var entries: [(key: String, value: PickleValue)] = []
    private(set) var otherKeys = 0
    private var places: [String: Int] = [:]

    subscript(key: String) -> PickleValue? { places[key].map { entries[$0].value } }

    func set(_ key: PickleValue, _ value: PickleValue) {
        guard let key = key.text else { return otherKeys += 1 }
        if let place = places[key] {
            entries[place].value = value
        } else {
            places[key] = entries.count
            entries.append((key, value))
        }
    }

    func removeAll() {
        entries = []
        places = [:]
    }
}
