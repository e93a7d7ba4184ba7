/// What a packed store says about its pictures: groups, origins and licences.
public struct PackedMetadata: Codable, Equatable, Sendable {
    /// Where pictures come from.
    public struct Source: Codable, Hashable, Sendable {
        /// The collection, folder or package.
        public var name: String
        /// The licence as stated there.
        public var licence: String
        /// Number of pictures from there.
        public var count: Int

        /// Describes a source.
        public init(name: String, licence: String, count: Int = 0) {
            self.name = name
            self.licence = licence
            self.count = count
        }
    }

    /// One picture, in the store's order.
    public struct Picture: Codable, Equatable, Sendable {
        /// Its file name.
        public var name: String
        /// Which of the sources it comes from.
        public var source: Int

        /// Describes a picture.
        public init(name: String, source: Int) {
            self.name = name
            self.source = source
        }
    }

    /// Names of the groups that pictures are numbered by.
    public var groups: [String]
    /// The origins.
    public var sources: [Source]
    /// One entry per picture.
    public var pictures: [Picture]

    /// Describes a store.
    public init(groups: [String] = [], sources: [Source] = [], pictures: [Picture] = []) {
        self.groups = groups
        self.sources = sources
        self.pictures = pictures
    }
}
