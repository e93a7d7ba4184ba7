/// Reads one pickle (protocols 2 to 4) that describes tensors and plain containers, and refuses everything else.
///
/// A pickle is a program; this machine has no operation that calls anything. A global outside ``PickleGlobal`` stops it
/// with an error naming the global. Sizes are limited, and containers are taken apart one by one afterwards, so that
/// deep nesting cannot exhaust the call stack.
struct Unpickler {
    /// Longest pickle that is read; a network of a thousand tensors takes a tenth of a megabyte.
    static let maximumBytes = 16 << 20
    private static let maximumContainers = 1 << 20

    private let bytes: UnsafeRawBufferPointer
    private let base: Int
    private var position = 0
    private var stack: [PickleValue] = []
    private var memo: [Int: PickleValue] = [:]
    private var arena = PickleArena()
    private var storages: [String: TorchStorage] = [:]
    /// Table entries made from lists: a few bytes could ask for the same long list again and again.
    private var copied = 0

    /// What a pickle holds, while its containers are whole.
    struct Result {
        let value: PickleValue
        /// Every storage that it names, by key.
        let storages: [String: TorchStorage]
        /// The number of bytes that the pickle took.
        let count: Int
    }

    /// Reads the pickle at the start of `bytes`.
    /// - Parameters:
    ///   - base: Where `bytes` begin in the file, for messages.
    ///   - body: Takes what it needs from the value, whose containers are emptied afterwards.
    static func read<R>(_ bytes: UnsafeRawBufferPointer, base: Int, _ body: (Result) throws -> R) throws -> R {
        var machine = Unpickler(bytes: bytes, base: base)
        defer { machine.arena.takeApart() }
        let value = try machine.run()
        return try body(Result(value: value, storages: machine.storages, count: machine.position))
    }

    private init(bytes: UnsafeRawBufferPointer, base: Int) {
        self.bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.maximumBytes))
        self.base = base
    }

    private mutating func run() throws -> PickleValue {
        while true {
            let opcode = try byte()
            switch opcode {
            case 0x80:  // PROTO
                let version = try byte()
                guard (2...4).contains(version) else {
                    throw CheckpointError(.unsupported, reason: "pickle protocol \(version) is not read, 2 to 4 are")
                }
            case 0x95: _ = try word(8)  // FRAME
            case 0x2E: return try pop()  // STOP
            case 0x4E: stack.append(.none)  // NONE
            case 0x88: stack.append(.bool(true))  // NEWTRUE
            case 0x89: stack.append(.bool(false))  // NEWFALSE
            case 0x4A: stack.append(.int(Int(Int32(truncatingIfNeeded: try word(4)))))  // BININT
            case 0x4B: stack.append(.int(Int(try byte())))  // BININT1
            case 0x4D: stack.append(.int(try word(2)))  // BININT2
            case 0x8A: stack.append(Self.long(try take(Int(try byte()))))  // LONG1
            case 0x47:  // BINFLOAT, the one big-endian number
                stack.append(.double(Double(bitPattern: UInt64(bitPattern: Int64(try word(8))).byteSwapped)))
            case 0x58: stack.append(.text(try text(try word(4))))  // BINUNICODE
            case 0x8C: stack.append(.text(try text(Int(try byte()))))  // SHORT_BINUNICODE
            case 0x8D: stack.append(.text(try text(try word(8))))  // BINUNICODE8
            case 0x54, 0x42: stack.append(.bytes(Array(try take(try word(4)))))  // BINSTRING, BINBYTES
            case 0x55, 0x43: stack.append(.bytes(Array(try take(Int(try byte())))))  // SHORT_BINSTRING, SHORT_BINBYTES
            case 0x28: stack.append(.mark)  // MARK
            case 0x30: _ = try pop()  // POP
            case 0x7D: stack.append(.dictionary(try arena.dictionary(limit: Self.maximumContainers)))  // EMPTY_DICT
            case 0x5D: stack.append(.list(try sequence([])))  // EMPTY_LIST
            case 0x29: stack.append(.tuple(try sequence([])))  // EMPTY_TUPLE
            case 0x85: stack.append(.tuple(try sequence(try pop(1))))  // TUPLE1
            case 0x86: stack.append(.tuple(try sequence(try pop(2))))  // TUPLE2
            case 0x87: stack.append(.tuple(try sequence(try pop(3))))  // TUPLE3
            case 0x74: stack.append(.tuple(try sequence(try popToMark())))  // TUPLE
            case 0x61: try append([try pop()])  // APPEND
            case 0x65: try append(try popToMark())  // APPENDS
            case 0x73: try set(try pop(2))  // SETITEM
            case 0x75: try set(try popToMark())  // SETITEMS
            case 0x71: memo[Int(try byte())] = try top()  // BINPUT
            case 0x72: memo[try word(4)] = try top()  // LONG_BINPUT
            case 0x94: memo[memo.count] = try top()  // MEMOIZE
            case 0x68: stack.append(try recall(Int(try byte())))  // BINGET
            case 0x6A: stack.append(try recall(try word(4)))  // LONG_BINGET
            case 0x63: stack.append(try global(try line(), try line()))  // GLOBAL
            case 0x93:  // STACK_GLOBAL
                let names = try pop(2)
                guard let module = names[0].text, let name = names[1].text else {
                    throw corrupt("a global without name")
                }
                stack.append(try global(module, name))
            case 0x51: stack.append(.storage(try storage(try pop())))  // BINPERSID
            case 0x52:  // REDUCE
                let operands = try pop(2)
                stack.append(try reduce(operands[0], operands[1]))
            case 0x62: try build(try pop())  // BUILD
            default:
                throw CheckpointError(
                    .forbidden,
                    reason:
                        "opcode 0x\(String(opcode, radix: 16)) at byte \(base + position - 1) could build something else "
                        + "than tensors and plain tables: such files are not read")
            }
        }
    }

    // MARK: operands

    private func corrupt(_ what: String) -> CheckpointError {
        CheckpointError(.corrupt, reason: "\(what) at byte \(base + position): the file is damaged or was cut off")
    }

    private mutating func take(_ count: Int) throws -> Slice<UnsafeRawBufferPointer> {
        guard count >= 0, count <= bytes.count - position else {
            throw bytes.count == Self.maximumBytes
                ? CheckpointError(.unsupported, reason: "its description of tensors is longer than 16 MB")
                : corrupt("the pickle ends unexpectedly")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func byte() throws -> UInt8 { try take(1).first ?? 0 }

    private mutating func word(_ size: Int) throws -> Int {
        let value = try take(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(truncatingIfNeeded: value)
    }

    private mutating func text(_ count: Int) throws -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw corrupt("a text is not UTF-8")
        }
        return text
    }

    private mutating func line() throws -> String {
        var result: [UInt8] = []
        while case let next = try byte(), next != 0x0A {
            guard result.count < 200 else { throw corrupt("an endless name") }
            result.append(next)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func long(_ bytes: Slice<UnsafeRawBufferPointer>) -> PickleValue {
        guard bytes.count <= 8 else { return .long(Array(bytes)) }
        let negative = (bytes.last ?? 0) >= 0x80
        return .int(bytes.reversed().reduce(negative ? -1 : 0) { $0 << 8 | Int($1) })
    }

    // MARK: the stack

    private func top() throws -> PickleValue {
        guard let last = stack.last else { throw corrupt("an empty stack") }
        return last
    }

    private mutating func pop() throws -> PickleValue {
        guard let last = stack.popLast() else { throw corrupt("an empty stack") }
        return last
    }

    private mutating func pop(_ count: Int) throws -> [PickleValue] {
        guard stack.count >= count else { throw corrupt("an empty stack") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [PickleValue] {
        let mark = stack.lastIndex {
            if case .mark = $0 { true } else { false }
        }
        guard let mark else { throw corrupt("a list without beginning") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[(mark + 1)...])
    }

    private func recall(_ index: Int) throws -> PickleValue {
        guard let value = memo[index] else { throw corrupt("a reference to nothing") }
        return value
    }

    private mutating func sequence(_ items: [PickleValue]) throws -> PickleSequence {
        try arena.sequence(items, limit: Self.maximumContainers)
    }

    private mutating func append(_ items: [PickleValue]) throws {
        guard case .list(let list) = try top() else { throw corrupt("an element without a list") }
        list.items += items
    }

    private mutating func set(_ pairs: [PickleValue]) throws {
        guard case .dictionary(let table) = try top(), pairs.count.isMultiple(of: 2) else {
            throw corrupt("an entry without a table")
        }
        for index in stride(from: 0, to: pairs.count, by: 2) { table.set(pairs[index], pairs[index + 1]) }
    }

    // MARK: descriptions of tensors

    private func global(_ module: String, _ name: String) throws -> PickleValue {
        guard let known = PickleGlobal(module: module, name: name) else {
            throw CheckpointError(
                .forbidden,
                reason:
                    "it wants to use \(module).\(name), which could run code: only files with plain tensors are read. "
                    + "Nothing was run; save the weights as safetensors where you trust the file")
        }
        return .global(known)
    }

    private mutating func storage(_ value: PickleValue) throws -> TorchStorage {
        guard let items = value.items, items.count >= 5, items[0].text == "storage",
            case .global(.storage(let dtype)) = items[1], let key = items[2].text, let count = items[4].int, count >= 0
        else { throw corrupt("a storage that is not described as PyTorch does") }
        let named = TorchStorage(dtype: dtype, key: key, count: count)
        guard storages.updateValue(named, forKey: key) ?? named == named else { throw corrupt("two storages \(key)") }
        return named
    }

    private mutating func reduce(_ function: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
        guard case .global(let global) = function, let items = arguments.items else {
            throw corrupt("a construction of \(function.kind)")
        }
        switch global {
        case .orderedDictionary:
            let table = try arena.dictionary(limit: Self.maximumContainers)
            let pairs = items.first?.items ?? []
            copied += pairs.count
            guard copied <= Self.maximumContainers else {
                throw CheckpointError(.unsupported, reason: "it copies one table again and again")
            }
            for pair in pairs {
                guard let pair = pair.items, pair.count == 2 else {
                    throw corrupt("a table of something else than pairs")
                }
                table.set(pair[0], pair[1])
            }
            return .dictionary(table)
        case .rebuildTensor:
            guard items.count >= 4, case .storage(let storage) = items[0], let offset = items[1].int,
                let shape = items[2].integers, let strides = items[3].integers
            else { throw corrupt("a tensor that is not described as PyTorch does") }
            return .tensor(StoredTensor(storage: storage, offset: offset, shape: shape, strides: strides))
        case .rebuildParameter:
            guard let first = items.first, case .tensor = first else { throw corrupt("a parameter without a tensor") }
            return first
        case .slice: return .opaque
        case .size: return .tuple(try sequence(items.first?.items ?? []))
        case .storage: throw corrupt("a storage made in place")
        }
    }

    /// Attributes of a table (PyTorch's `_metadata`) are passed over; nothing else has attributes.
    private mutating func build(_ state: PickleValue) throws {
        guard case .dictionary = try top(), case .dictionary = state else {
            throw CheckpointError(
                .forbidden, reason: "it sets attributes of \(try top().kind): such files are not read")
        }
    }
}

/// All containers of one pickle, so that they can be emptied one after the other.
private struct PickleArena {
    private var sequences: [PickleSequence] = []
    private var dictionaries: [PickleDictionary] = []

    mutating func sequence(_ items: [PickleValue], limit: Int) throws -> PickleSequence {
        try check(limit)
        let made = PickleSequence(items)
        sequences.append(made)
        return made
    }

    mutating func dictionary(limit: Int) throws -> PickleDictionary {
        try check(limit)
        let made = PickleDictionary()
        dictionaries.append(made)
        return made
    }

    private func check(_ limit: Int) throws {
        guard sequences.count + dictionaries.count < limit else {
            throw CheckpointError(.unsupported, reason: "it has more than \(limit) lists and tables")
        }
    }

    /// Without this a chain of a million nested lists would be released recursively.
    func takeApart() {
        for sequence in sequences { sequence.items = [] }
        for dictionary in dictionaries { dictionary.removeAll() }
    }
}
