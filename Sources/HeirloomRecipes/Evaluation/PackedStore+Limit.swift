public import HeirloomDatasets

extension PackedStore {
    /// Pictures spread evenly over the store: all, or at most so many.
    ///
    /// - Precondition: the limit is positive.
    public func spread(atMost limit: Int?) -> [Int] {
        precondition(limit ?? 1 > 0, "at most \(limit ?? 0) pictures")
        let kept = min(limit ?? count, count)
        return (0..<kept).map { $0 * count / kept }
    }
}

extension ColorContest {
    /// Measures on a store that is named by its path; see ``run(on:pictures:progress:)``.
    ///
    /// - Parameter limit: at most so many pictures, spread evenly; nil for all.
    /// - Throws: `DatasetError` where the store cannot be read.
    public func run(
        onStoreAt path: String, limit: Int? = nil,
        progress: (_ completed: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> ColorComparison {
        let store = try PackedStore(contentsOf: path)
        let pictures = store.spread(atMost: limit)
        return try run(on: store, pictures: pictures) { try progress($0, pictures.count) }
    }
}

extension Inspector {
    /// Inspects a store that is named by its path; see ``run(on:pictures:count:progress:)``.
    ///
    /// - Parameter limit: at most so many pictures, spread evenly; nil for all.
    /// - Throws: `DatasetError` where the store cannot be read.
    public func run(
        onStoreAt path: String, limit: Int? = nil, count: Int,
        progress: (_ completed: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> Inspection {
        let store = try PackedStore(contentsOf: path)
        let pictures = store.spread(atMost: limit)
        return try run(on: store, pictures: pictures, count: count) { try progress($0, pictures.count) }
    }
}
