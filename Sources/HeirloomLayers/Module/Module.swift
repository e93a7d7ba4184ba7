import HeirloomTensors

/// The base class of everything with weights: a tree of modules, whose leaves are tensors.
///
/// A stored property of type `Module`, `Module?` or `[Module]` is a child with no further ceremony; a stored tensor says
/// ``Parameter`` (trained, saved) or ``Buffer`` (saved, never trained). Any other property that holds a tensor or a module
/// is a mistake and traps, with type and property, at the first walk over the tree.
///
/// A tensor's name is the path of property names, joined with points; children in arrays are numbered. A module belongs to
/// one thread, like its tensors.
open class Module {
    /// Whether the module computes as in training: batch statistics, dropout. False at the start; see ``train(_:)``.
    public final fileprivate(set) var isTraining = false

    /// Creates a module; subclasses assign their children and tensors first.
    public init() {}

    /// True for modules whose tensors stay in float32 when the tree goes to a half precision: normalisation statistics
    /// lose too much in 8 or 11 bits, and libtorch takes them in float32 beside half-precision pictures.
    open var keepsFloat32: Bool { false }

    /// Switches this module and everything below it to training or to inference.
    public final func train(_ on: Bool = true) {
        for (_, module) in namedModules() { module.isTraining = on }
    }

    /// Switches these modules, and nothing below them, to training or to inference: for a tree that was walked before,
    /// where walking it again in every step would cost time.
    public static func setTraining(_ on: Bool, of modules: [Module]) {
        for module in modules { module.isTraining = on }
    }

    /// Runs a closure in training mode or in inference mode, and gives every module its former mode back on every exit.
    public final func withTraining<R>(_ on: Bool, _ body: () throws -> R) rethrows -> R {
        let before = namedModules().map { ($0.module, $0.module.isTraining) }
        defer { for (module, mode) in before { module.isTraining = mode } }
        for (module, _) in before { module.isTraining = on }
        return try body()
    }

    /// Stops training the parameters of this module and of everything below it, and drops their gradients.
    public final func freeze() {
        for (_, tensor) in namedParameters() {
            tensor.setGradient(nil)
            tensor.requireGradient(false)
        }
    }

    /// Trains the parameters of this module and of everything below it (again).
    public final func unfreeze() {
        for (_, tensor) in namedParameters() { tensor.requireGradient(true) }
    }
}
