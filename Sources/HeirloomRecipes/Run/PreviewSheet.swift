public import HeirloomTensors

/// Pictures to look at while a network is trained: a row for each held-out picture.
public struct PreviewSheet {
    /// What the columns show.
    public var columns: [String]
    /// The pictures of each row: `[3, H, W]`, float32, RGB 0...1, all of one size in a row.
    public var rows: [[Tensor]]

    /// Puts rows together.
    /// - Precondition: Every row has a picture for every column.
    public init(columns: [String] = ["input", "output", "truth"], rows: [[Tensor]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a preview row with missing pictures")
        self.columns = columns
        self.rows = rows
    }
}
