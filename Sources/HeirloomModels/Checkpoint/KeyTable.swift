/// The names of one family of foreign weights beside ours: every rule is used and every key is consumed, both ways.
public struct KeyTable: Sendable {
    /// One pattern of names. `{0}`, `{1}`, … stand for numbers, alone or at the end of a part (`conv{2}`), `{*}` at the
    /// end for the rest of a name.
    public struct Rule: Sendable, Hashable {
        /// The foreign name.
        public let foreign: String
        /// Our name.
        public let own: String

        /// Pairs two patterns with the same placeholders.
        public init(_ foreign: String, _ own: String) {
            self.foreign = foreign
            self.own = own
        }
    }

    /// What the family is called in messages.
    public let family: String
    /// The patterns; a name belongs to the first that fits.
    public let rules: [Rule]

    /// Lists the patterns of a family.
    public init(family: String, rules: [Rule]) {
        self.family = family
        self.rules = rules
    }

    /// Our name of a foreign one, nil where no rule fits.
    public func own(_ foreign: String) -> String? { translate(foreign, \.foreign, \.own) }

    /// The foreign name of one of ours, nil where no rule fits.
    public func foreign(_ own: String) -> String? { translate(own, \.own, \.foreign) }

    /// Renames a foreign state.
    /// - Parameter optional: Foreign patterns of rules that need not occur.
    /// - Throws: ``CheckpointError`` listing every key without a rule, every rule without a key, and every collision.
    public func renamed<Value>(
        _ state: [String: Value], optional: Set<String> = []
    ) throws(CheckpointError) -> [String: Value] {
        var result: [String: Value] = [:]
        var used: Set<Rule> = []
        var faults: [String] = []
        for key in state.keys.sorted() {
            guard let rule = rules.first(where: { Self.match(key, $0.foreign) != nil }), let name = own(key) else {
                faults.append("\(key) is not a name of \(family)")
                continue
            }
            used.insert(rule)
            if let value = state[key], result.updateValue(value, forKey: name) != nil {
                faults.append("\(key) is a second \(name)")
            }
        }
        for rule in rules where !used.contains(rule) && !optional.contains(rule.foreign) {
            faults.append("nothing is named \(rule.foreign)")
        }
        guard faults.isEmpty else { throw CheckpointError(.keys, reason: faults.joined(separator: "; ")) }
        return result
    }

    private func translate(_ name: String, _ from: KeyPath<Rule, String>, _ to: KeyPath<Rule, String>) -> String? {
        for rule in rules {
            guard let found = Self.match(name, rule[keyPath: from]) else { continue }
            return found.reduce(rule[keyPath: to]) { $0.replacing($1.key, with: $1.value) }
        }
        return nil
    }

    /// The values of the placeholders, nil where the name does not fit the pattern.
    static func match(_ name: String, _ pattern: String) -> [String: String]? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let wanted = pattern.split(separator: ".", omittingEmptySubsequences: false)
        var found: [String: String] = [:]
        for (index, want) in wanted.enumerated() {
            if want == "{*}", index == wanted.count - 1 {
                guard parts.count > index else { return nil }
                found["{*}"] = parts[index...].joined(separator: ".")
                return found
            }
            guard index < parts.count else { return nil }
            if let brace = want.firstIndex(of: "{") {
                let digits = parts[index].dropFirst(want[..<brace].count)
                guard parts[index].hasPrefix(want[..<brace]), !digits.isEmpty,
                    digits.allSatisfy({ $0.isASCII && $0.isNumber })
                else { return nil }
                found[String(want[brace...])] = String(digits)
            } else if want != parts[index] {
                return nil
            }
        }
        return parts.count == wanted.count ? found : nil
    }
}
