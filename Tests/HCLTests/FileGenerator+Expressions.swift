/// Values of made-up files that have to be evaluated.
extension FileGenerator {
    mutating func expression(depth: Int) {
        if depth >= 5 { return text += pick(["1", "\"x\"", "(true)"]) }
        switch random.next(below: 13) {
        case 0: wrapped("(", ")", depth)
        case 1:
            text += pick(["-", "!", "- ", "!!"])
            operand(depth)
        case 2, 3:
            operand(depth)
            text += " " + pick(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"]) + " "
            operand(depth)
        case 4, 5: conditional(depth)
        case 6: text += pick(["[1, 2][0]", "{a = 1}.a", "[{a = 1}][*].a", "[[1]].0.0", "[1].*"])
        case 7:
            text += pick(["[1][5]", "{a = 1}.b", "\"a\".b", "null.a", "1 / 0", "[1, 2][\"x\"]"])
        case 8, 9: loop(depth)
        default: template(depth)
        }
    }

    private mutating func wrapped(_ open: String, _ close: String, _ depth: Int) {
        text += open + (chance(20) ? newline : "")
        expression(depth: depth + 1)
        text += (chance(20) ? newline : "") + close
    }

    private mutating func operand(_ depth: Int) {
        if chance(30) { return wrapped("(", ")", depth) }
        if !names.isEmpty, chance(40) { return text += pick(names) }
        text += pick(["1", "2.5", "\"3\"", "true", "\"x\"", "null", "[]", "{a = 1}.a"])
        if chance(mistakes) { text += pick([".x", "[foo]", " + bar", "(1)", "..."]) }
    }

    private mutating func conditional(_ depth: Int) {
        if chance(70) {
            text += pick(["true", "false", "1 == 1", "!true"])
        } else {
            operand(depth)
        }
        text += " ? "
        result(depth)
        text += " : "
        result(depth)
    }

    private mutating func result(_ depth: Int) {
        if chance(12) { return text += pick(["foo", "f(1)", "a.b", "[foo]"]) }
        if chance(30) { return expression(depth: depth + 1) }
        operand(depth)
    }

    private mutating func loop(_ depth: Int) {
        let isObject = chance(50)
        let name = pick(["x", "y", "item"])
        text += (isObject ? "{" : "[") + pick(["", " ", newline]) + "for "
        let names = chance(30) ? ["k", name] : [name]
        text += names.joined(separator: ", ") + " in "
        text += pick([
            "[1, 2]", "[\"a\"]", "{a = 1}", "[]", "{}", "[[1], [2]]", "1", "[\"a\", \"a\"]",
        ])
        text += " : "
        self.names += names
        if isObject {
            text += pick([name, "\"k${\(name)}\"", "\"k\""]) + " => "
            operand(depth)
            if chance(20) { text += "..." }
        } else {
            operand(depth)
        }
        if chance(25) { text += " if " + pick(["true", "\(name) == 1", "false", "foo"]) }
        self.names.removeLast(names.count)
        text += isObject ? "}" : "]"
    }

    private mutating func template(_ depth: Int) {
        text += "\"" + pick(["", "a", " ", "$${"])
        switch random.next(below: 5) {
        case 0:
            text +=
                "%{ if " + pick(["true", "false", "1 == 2"]) + " ~}" + pick(["x", "x", "${foo}"])
            if chance(50) { text += "%{ else }" + pick(["y", "y", "${f(1)}"]) }
            text += "%{ endif }"
        case 1:
            text +=
                "%{ for v in " + pick(["[1, 2]", "[]", "{a = \"b\"}"]) + " }"
                + pick(["${v}", "${v}", "${w}"])
            text += pick(["%{ endfor }", "%{~ endfor ~}"])
        default: wrapped(pick(["${", "${~ ", "${ "]), pick(["}", " ~}", " }"]), depth)
        }
        text += pick(["", "", "b", " "]) + "\""
    }
}
