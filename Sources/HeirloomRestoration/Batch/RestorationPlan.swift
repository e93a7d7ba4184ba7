/// What a job over files will do, decided before anything is computed or written.
public struct RestorationPlan: Sendable {
    /// A file to treat.
    public struct Item: Sendable, Equatable {
        /// The file to read, as the user named it or as found in the folder.
        public let input: String
        /// The file to write.
        public let output: String
        /// What it is; never a folder.
        public let kind: InputKind
    }

    /// A file in a folder that is left alone.
    public struct Skipped: Sendable, Equatable {
        /// The file.
        public let path: String
        /// Why, a clause.
        public let reason: String
    }

    /// A file of several that cannot be done; the others are.
    public struct Refused: Sendable {
        /// The file.
        public let path: String
        /// Why.
        public let error: any Error
    }

    /// What will be treated, in this order.
    public internal(set) var items: [Item] = []
    /// What is left alone.
    public internal(set) var skipped: [Skipped] = []
    /// What cannot be done.
    public internal(set) var refused: [Refused] = []
    /// Folders that will be made.
    var folders: [String] = []
}
