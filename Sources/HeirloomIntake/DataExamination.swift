public import HeirloomDatasets
public import HeirloomMedia

/// What was found in a collection, with pictures to look at.
public struct DataExamination: Sendable {
    /// A picture that was kept to be shown.
    public struct Kept: Sendable {
        /// The file, or in a store the picture's name.
        public let path: String
        /// The picture as it would be used, small; nil where it cannot be read.
        public let picture: StillImage?
        /// Why it is not used; nil where it is.
        public let leftOut: LeftOut?
    }

    /// What was found.
    public let report: DataReport
    /// Some of the pictures that are used, in the order in which they were met.
    public let sample: [Kept]
    /// Some of those that are not, sorted by reason.
    public let leftOut: [Kept]

    init(report: DataReport, sample: [Kept], leftOut: [Kept]) {
        self.report = report
        self.sample = sample
        self.leftOut = leftOut
    }

    /// Looks at a packed store, whose pictures are all used.
    ///
    /// - Parameter sample: how many pictures are kept to be shown.
    public init(_ store: PackedStore, sample count: Int = 48) {
        var report = DataReport()
        report.usable = store.count
        report.groups = store.groupCounts
        report.sources = store.metadata.sources
        report.statistics = store.statistics()
        var sample = FairSample<Kept>(count: count)
        for index in 0..<store.count {
            sample.offer {
                Kept(
                    path: store.metadata.pictures[index].name, picture: ContactSheet.picture(index, of: store),
                    leftOut: nil)
            }
        }
        self.init(report: report, sample: sample.chosen, leftOut: [])
    }

    /// The kept pictures on one sheet: those that are used, below them in red frames those that are not, each with its
    /// name and the reason.
    ///
    /// - Returns: nil where nothing was kept.
    /// - Throws: ``MediaError`` where the sheet would be too large.
    /// - Precondition: at least one column.
    public func sheet(
        _ layout: ContactSheet = ContactSheet(cellWidth: 216, cellHeight: 160), columns: Int = 7
    ) throws(MediaError) -> StillImage? {
        let blank = StillImage(
            width: layout.cellWidth, height: layout.cellHeight, channels: .grey, depth: .eight,
            pixels: [UInt8](repeating: 72, count: layout.cellWidth * layout.cellHeight))
        func tiles(_ pictures: [Kept]) -> [ContactSheet.Tile] {
            pictures.map { kept in
                ContactSheet.Tile(
                    kept.picture ?? blank,
                    caption: [PictureSearch.split(kept.path).name] + (kept.leftOut.map { [$0.reason.name] } ?? []),
                    frame: kept.leftOut.map { _ in SIMD3(214, 64, 46) })
            }
        }
        let rows = [sample, leftOut].flatMap { ContactSheet.rows(of: tiles($0), columns: columns) }
        return rows.isEmpty ? nil : try layout.tiles(rows)
    }
}

extension LoadedPicture {
    /// The picture as a still.
    var image: StillImage {
        StillImage(width: width, height: height, channels: .rgb, depth: .eight, pixels: pixels)
    }
}

extension DataExamination {
    /// Whether a path names a packed store, by its ending.
    public static func isStore(_ path: String) -> Bool { path.hasSuffix(".pack") }

    /// Opens and looks at a packed store.
    ///
    /// - Throws: `DatasetError` where it cannot be read or is damaged.
    public init(storeAt path: String, sample: Int = 48) throws {
        self.init(try PackedStore(contentsOf: path), sample: sample)
    }
}
