/// Numbers for things in the order in which they are first met.
struct Numbering<Thing: Hashable> {
    private var numbers: [Thing: Int] = [:]

    /// The number of a thing; one that was not met before is appended to the list.
    mutating func number(of thing: Thing, in list: inout [Thing]) -> Int {
        if let number = numbers[thing] { return number }
        numbers[thing] = list.count
        list.append(thing)
        return list.count - 1
    }
}

extension Numbering<PackedMetadata.Source> {
    /// The number of a source, which counts one picture or clip more.
    mutating func counted(_ source: PackedMetadata.Source, in list: inout [PackedMetadata.Source]) -> Int {
        let number = number(of: PackedMetadata.Source(name: source.name, licence: source.licence), in: &list)
        list[number].count += 1
        return number
    }
}
