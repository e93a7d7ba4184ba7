/// Two small pictures that are enlarged linearly and added to two large ones, over plain numbers.
struct SmallMap: Sendable {
    /// Row by row, one picture behind the other.
    let numbers: [Float]
    /// Columns.
    let width: Int
    /// Rows.
    let height: Int

    /// Adds both pictures to two of `width` × `height`, one behind the other.
    func add(to large: inout [Float], width: Int, height: Int) {
        precondition(
            numbers.count == 2 * self.width * self.height && large.count == 2 * width * height,
            "\(numbers.count) and \(large.count) numbers are no pairs of pictures")
        let columns = (0..<width).map { Self.place($0, from: self.width, to: width) }
        var mixed = [Float](repeating: 0, count: self.width)
        large.withUnsafeMutableBufferPointer { large in
            numbers.withUnsafeBufferPointer { numbers in
                mixed.withUnsafeMutableBufferPointer { mixed in
                    columns.withUnsafeBufferPointer { columns in
                        for channel in 0..<2 {
                            for row in 0..<height {
                                let (first, second, weight) = Self.place(row, from: self.height, to: height)
                                let above = (channel * self.height + first) * self.width
                                let below = (channel * self.height + second) * self.width
                                for column in 0..<self.width {
                                    let low = numbers[above &+ column]
                                    mixed[column] = low + (numbers[below &+ column] - low) * weight
                                }
                                let line = (channel * height + row) * width
                                for column in 0..<width {
                                    let (first, second, weight) = columns[column]
                                    large[line &+ column] += mixed[first] + (mixed[second] - mixed[first]) * weight
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Which two samples, and how much of the second, stand at a position of the larger row.
    private static func place(_ index: Int, from source: Int, to target: Int) -> (Int, Int, Float) {
        let position = min(max((Float(index) + 0.5) * Float(source) / Float(target) - 0.5, 0), Float(source - 1))
        let first = Int(position)
        return (first, min(first + 1, source - 1), position - Float(first))
    }
}
