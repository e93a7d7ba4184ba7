import HeirloomTensors

/// One run of the ``Synchronizer``: what is known about each recording so far.
struct SynchronizerSession {
    let sources: [any AnalysisSource]
    let options: Synchronizer.Options
    private var profiles: [ActivityProfile] = []
    private var reasons: [String?]
    private var pairs = PairSearch()
    private var compared: Set<[Int]> = []
    private var best: [Double]
    private let phat: WeightedPHAT

    /// Above this many recordings not every pair is compared.
    private static let fewFiles = 6

    init(sources: [any AnalysisSource], options: Synchronizer.Options) {
        self.sources = sources
        self.options = options
        reasons = [String?](repeating: nil, count: sources.count)
        best = [Double](repeating: 0, count: sources.count)
        phat = WeightedPHAT(band: options.band)
    }

    mutating func run(reference: Int?, progress: (Synchronizer.Step) throws -> Void) throws -> Synchronization {
        for index in sources.indices {
            try progress(.init(phase: .searching, file: index, fraction: 0.1 * Double(index) / Double(sources.count)))
            profiles.append(try ActivityProfile(sources[index]))
            reasons[index] = profiles[index].emptiness
        }
        try compareAll(reference: reference, progress)
        pairs.dropContradictions(fileCount: sources.count)
        let root = reference ?? bestBound()
        let tree = pairs.tree(root: root, fileCount: sources.count)
        var files = sources.indices.map { index in
            Synchronization.File(
                status: .unrelated(reason: reasons[index] ?? noMatch(index, root)), map: ClockMap(),
                confidence: best[index],
                polarity: 1, residual: 0, windowCount: 0)
        }
        if reasons[root] == nil {
            files[root].status = .placed
            files[root].confidence = 1
        }
        for (step, entry) in tree.enumerated() {
            try progress(
                .init(phase: .refining, file: entry.file, fraction: 0.6 + 0.4 * Double(step) / Double(tree.count)))
            try place(entry.file, through: entry.parent, root: root, in: &files)
        }
        for file in sources.indices where files[file].isPlaced {
            files[file].duplicateOf = try (0..<file).first { earlier in
                try files[earlier].isPlaced && isSame(earlier, file, files)
            }
        }
        return Synchronization(reference: root, files: files)
    }

    // MARK: - Which belong together

    private mutating func compareAll(reference: Int?, _ progress: (Synchronizer.Step) throws -> Void) throws {
        let live = sources.indices.filter { reasons[$0] == nil }
        guard live.count > 1 else { return }
        let share = 0.5 / Double(live.count)
        if live.count <= Self.fewFiles {
            for (step, one) in live.enumerated() {
                try progress(.init(phase: .searching, file: one, fraction: 0.1 + share * Double(step)))
                for other in live[(step + 1)...] { try compare(one, other) }
            }
            return
        }
        // Many: all with one that overlaps most of them, and those left over with others that have a place.
        let hub = reference ?? live.max { sources[$0].sampleCount < sources[$1].sampleCount } ?? live[0]
        for (step, other) in live.enumerated() where other != hub {
            try progress(.init(phase: .searching, file: other, fraction: 0.1 + 0.8 * share * Double(step)))
            try compare(hub, other)
        }
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            let placed = Set(pairs.tree(root: hub, fileCount: sources.count).map(\.file) + [hub])
            let bridges = placed.sorted { sources[$0].sampleCount > sources[$1].sampleCount }
            for file in live where !placed.contains(file) {
                for bridge in bridges.prefix(4) where !compared.contains([min(file, bridge), max(file, bridge)]) {
                    try progress(.init(phase: .searching, file: file, fraction: 0.1 + 0.9 * 0.5))
                    if try compare(bridge, file) {
                        isGrowing = true
                        break
                    }
                }
            }
        }
    }

    /// Compares two recordings; whether they belong together.
    @discardableResult
    private mutating func compare(_ one: Int, _ other: Int) throws -> Bool {
        compared.insert([min(one, other), max(one, other)])
        let search = CoarseSearch(phat: phat, maximumDrift: options.maximumDriftPPM * 1e-6)
        guard let match = try search(sources[one], profiles[one], sources[other], profiles[other]) else { return false }
        best[one] = max(best[one], match.confidence)
        best[other] = max(best[other], match.confidence)
        guard match.confidence >= options.minimumConfidence, match.segmentCount >= 3, match.rivalry < 0.6 else {
            return false
        }
        pairs.edges.append(PairSearch.Edge(one: one, other: other, match: match))
        return true
    }

    /// The file whose places are the surest; the longest among equals.
    private func bestBound() -> Int {
        let live = sources.indices.filter { reasons[$0] == nil }
        let scores = sources.indices.map { one in
            (sources.indices.reduce(0) { $0 + pairs.confidence(one, $1) }, sources[one].sampleCount)
        }
        return live.max { scores[$0] < scores[$1] } ?? 0
    }

    private func noMatch(_ index: Int, _ root: Int) -> String {
        if reasons[root] != nil { return "the reference has nothing in it to compare with" }
        if sources.count == 1 { return "there is no other recording to compare it with" }
        let percent = Int((100 * best[index]).rounded())
        return "no place was found where it fits any of the other recordings (best agreement \(percent) %)"
    }

    // MARK: - Exact places

    private func place(_ file: Int, through parent: Int, root: Int, in files: inout [Synchronization.File]) throws {
        guard let step = pairs.map(parent, file), files[parent].isPlaced else { return }
        let start = files[parent].map.composed(with: step)
        // Directly against the reference where they overlap enough: errors of several steps would add up.
        let direct = PairRefinement(
            reference: sources[root], profile: profiles[root], file: sources[file], phat: phat, options: options)
        let common = direct.overlap(start)
        var estimate: PairRefinement.Estimate?
        var through = root
        if parent == root || (common.map { $0.upperBound - $0.lowerBound } ?? 0) >= 20 {
            estimate = try direct.estimate(from: start)
        }
        if estimate == nil, parent != root {
            let refinement = PairRefinement(
                reference: sources[parent], profile: profiles[parent], file: sources[file], phat: phat, options: options
            )
            if var found = try refinement.estimate(from: step) {
                found.map = files[parent].map.composed(with: found.map)
                found.polarity *= files[parent].polarity
                estimate = found
                through = parent
            }
        }
        guard let estimate else {
            files[file].status = .unrelated(reason: noMatch(file, root))
            return
        }
        files[file].status = .placed
        files[file].map = estimate.map
        files[file].confidence = max(pairs.confidence(parent, file), pairs.confidence(root, file))
        files[file].polarity = estimate.polarity
        files[file].residual = estimate.residual
        files[file].windowCount = estimate.windowCount
        files[file].placedThrough = through
    }

    /// Whether two files hold the same recording, perhaps coded twice: no two microphones hear so nearly the same.
    private func isSame(_ earlier: Int, _ file: Int, _ files: [Synchronization.File]) throws -> Bool {
        let map = files[earlier].map.inverse.composed(with: files[file].map)
        guard abs(map.driftPPM) < 2, map.jumps.isEmpty else { return false }
        let length = min(2, min(sources[earlier].duration, sources[file].duration) / 2)
        let rate = Double(AnalysisSamples.sampleRate)
        let places = CoarseSearch.places(
            in: profiles[earlier], duration: sources[earlier].duration, length: length, hop: length)
        let inside = places.filter { start in
            let place = map.fileTime(at: start) ?? -1
            return place >= 0 && place + length <= sources[file].duration
        }
        guard !inside.isEmpty else { return false }
        let count = Int(length * rate)
        let correlator = WindowCorrelator(reference: sources[earlier], file: sources[file], phat: phat)
        for start in inside.prefix(4) {
            let near = try correlator.heard([(start, 1)], of: sources[earlier], length: count)
            let alike = try [-1, -0.5, 0, 0.5, 1].map { (shift: Double) -> Double in
                let from = (map.fileTime(at: start) ?? 0) + shift / rate
                let far = try correlator.heard([(from, 1)], of: sources[file], length: count)
                let product: Double = (near * far).sum().item()
                let norm: Double = near.norm().item() * far.norm().item()
                return product.magnitude / (norm + 1e-20)
            }
            if (alike.max() ?? 0) < 0.998 { return false }
        }
        return true
    }
}
