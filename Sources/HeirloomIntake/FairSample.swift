import HeirloomDatasets

/// A few of a sequence of unknown length, each with the same chance and in their order; the same ones every time.
struct FairSample<Element> {
    private let count: Int
    private var met = 0
    private var random = RandomSequence(0x5A_4D, 1)
    private var kept: [(place: Int, element: Element)] = []

    /// - Precondition: `count` is not negative.
    init(count: Int) {
        precondition(count >= 0, "a sample of \(count)")
        self.count = count
    }

    /// The sample of what was offered so far.
    var chosen: [Element] { kept.sorted { $0.place < $1.place }.map(\.element) }

    /// Offers the next one, which is made only when it is taken.
    mutating func offer(_ make: () -> Element) {
        defer { met += 1 }
        if kept.count < count { return kept.append((met, make())) }
        let place = Int(random.uniform() * Double(met + 1))
        if place < count { kept[place] = (met, make()) }
    }
}
