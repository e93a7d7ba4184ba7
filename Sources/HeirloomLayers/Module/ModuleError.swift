public import HeirloomTensors

/// Why a state does not fit a module: everything that is wrong, at once.
public struct ModuleError: Error, CustomStringConvertible, Sendable {
    /// One tensor that does not fit.
    public enum Fault: Sendable, Hashable {
        /// The module has the tensor, the state has not.
        case missing(String, expected: String)
        /// The state has the tensor, the module has not.
        case unused(String, found: String)
        /// Another shape.
        case shape(String, found: [Int], expected: [Int])
        /// Another element type: convert first, nothing is converted silently.
        case dtype(String, found: DType, expected: DType)
    }

    /// The type of the module.
    public let module: String
    /// Every tensor that does not fit.
    public let faults: [Fault]

    /// Creates an error.
    public init(module: String, faults: [Fault]) {
        self.module = module
        self.faults = faults
    }

    /// A sentence, then a line for each fault.
    public var description: String {
        let lines = faults.map { fault in
            switch fault {
            case .missing(let name, let expected): "missing \(name): \(expected)"
            case .unused(let name, let found): "unused \(name): \(found)"
            case .shape(let name, let found, let expected): "\(name) has shape \(found), expected \(expected)"
            case .dtype(let name, let found, let expected): "\(name) is \(found), expected \(expected)"
            }
        }
        return "the weights do not fit \(module), \(faults.count) tensor\(faults.count == 1 ? "" : "s") differ:\n  "
            + lines.joined(separator: "\n  ")
    }
}
