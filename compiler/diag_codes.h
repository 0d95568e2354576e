/* Every diagnostic's code, title and explanation (`dlc --explain=DL1001`).
 * Included with DIAG_CODE(number, title, text) defined; no include guard.
 * 1xxx syntax and files, 2xxx meaning and shapes, 3xxx IR text, 4xxx options
 * and generation. A test of tests/ must provoke every one of them.
 */
DIAG_CODE(1001, "syntax error",
          "The grammar does not allow this token here. The message lists what "
          "it does allow. Statements end with ';'.")
DIAG_CODE(1002, "malformed token",
          "A character, number or string is not part of the language. Real "
          "numbers have digits on both sides of the point: 0.5, not .5.")
DIAG_CODE(1003, "cannot read file", "The file cannot be opened or read.")
DIAG_CODE(1004, "cannot write file",
          "The output cannot be created. Nothing was written.")
DIAG_CODE(1900, "not supported yet",
          "The language has this construct, and this version of the compiler "
          "refuses it instead of ignoring it.")
DIAG_CODE(2001, "unknown name",
          "No definition of this name is visible here. Names are defined "
          "before they are used.")
DIAG_CODE(2002, "unknown argument",
          "The function or layer has no argument of this name, or it is given "
          "twice.")
DIAG_CODE(2003, "defined twice",
          "A name is bound once. 'next' changes a carried value; another value "
          "needs another name.")
DIAG_CODE(2004, "sizes of a matrix product",
          "In x @ y the last axis of x and the last but one of y must be "
          "equal. y' exchanges the last two axes.")
DIAG_CODE(2005, "shapes do not fit",
          "Element-wise work needs equal shapes; only scalars and missing "
          "leading axes are repeated, never size 1 against n.")
DIAG_CODE(2006, "wrong number of arguments",
          "The call has more or fewer arguments than the function takes.")
DIAG_CODE(2007, "wrong kind of value",
          "A tensor, an integer, a number or a word is needed, and something "
          "else was given.")
DIAG_CODE(2008, "type differs from the claim",
          "A type after a name or an arrow is a checked claim; the value has "
          "another type.")
DIAG_CODE(2009, "unused parameter",
          "A parameter that no output, loss or metric depends on is a mistake: "
          "it would be stored and never learn.")
DIAG_CODE(2010, "unused value", "The value is computed and never used.")
DIAG_CODE(2011, "not known at compile time",
          "Sizes, configuration in {..} and conditions of 'if' are known when "
          "the program is compiled.")
DIAG_CODE(2012, "inexact division in a size",
          "Integer division in sizes is exact or written floor(a / b).")
DIAG_CODE(2013, "size out of range",
          "Sizes are at least 1, and a tensor has at most 2^31-1 elements.")
DIAG_CODE(2014, "run-time size",
          "A model has at most one run-time size, declared with dim; it is "
          "always the first axis.")
DIAG_CODE(2015, "cannot be called or configured",
          "f(..) needs a function, a layer or an instance; f{..} needs a "
          "layer.")
DIAG_CODE(2016, "missing argument", "An argument without default must be given.")
DIAG_CODE(2017, "unknown clause",
          "train knows minimize, over, using, project, clip; fit knows data, "
          "valid, test, run, epochs, shuffle, stop.")
DIAG_CODE(2018, "not a scalar",
          "A loss, a metric and what grad differentiates are one number.")
DIAG_CODE(2019, "'iter' outside of training",
          "iter is the number of steps a train block has made.")
DIAG_CODE(2020, "assertion failed", "A condition stated with assert is false.")
DIAG_CODE(2021, "something is missing",
          "A program needs a model, a model a result, a train block minimize "
          "and using, a fit block data and run.")
DIAG_CODE(2022, "misplaced statement",
          "input, output, loss, metric, train and fit belong into a model; "
          "return into a layer or a function; next and emit into a loop.")
DIAG_CODE(2023, "not a learned parameter",
          "over and project name parameters that the train block learns.")
DIAG_CODE(2024, "no such model", "--model names a model of the program.")
DIAG_CODE(2025, "bad -D",
          "-D NAME=VALUE gives a const or dim of the program another value.")
DIAG_CODE(2026, "unknown attribute",
          "Parameters know [[frozen]] and [[lr_mult(factor)]].")
DIAG_CODE(2027, "subscript out of range",
          "A subscript, a range or an axis lies outside of the tensor.")
DIAG_CODE(2028, "no recursion, no instances in loops",
          "Functions and layers do not call themselves, and an instance (with "
          "its parameters) is made outside of scan.")
DIAG_CODE(2029, "unknown initialiser",
          "Parameters start with ~ he(..), glorot(), normal(m, s), uniform(a, "
          "b), or = number.")
DIAG_CODE(2030, "bad fit clause",
          "The clause of the fit block is not written as the language "
          "reference says.")
DIAG_CODE(2031, "window does not fit",
          "The effective window dilation * (k - 1) + 1 of a convolution or "
          "pooling must fit the padded input, and groups divide channels.")
DIAG_CODE(2033, "wrong derivative",
          "derivative f(x) is compared with the symbolic derivative at sample "
          "points.")
DIAG_CODE(3001, "syntax error in IR text",
          "docs/ir.md gives the format: one node a line, "
          "'%name = operator operands {attributes} : type'.")
DIAG_CODE(3002, "unknown name in IR text",
          "A value, global, operator, attribute or implementation is not known "
          "here. Values are known behind the line that makes them, inside the "
          "same region.")
DIAG_CODE(3003, "type mismatch in IR text",
          "The operator makes another type than the line says, or does not "
          "take operands of these types.")
DIAG_CODE(3004, "broken IR",
          "The text reads well, but what must hold at its stage does not: see "
          "compiler/verify.c.")
DIAG_CODE(3005, "defined twice in IR text",
          "Names of values are unique in a function, names of globals and "
          "functions in a module.")
DIAG_CODE(3006, "too large in IR text",
          "Sizes are limited to 2147483647 elements a value, and nesting, "
          "ranks and numbers to what the compiler can hold.")
DIAG_CODE(4001, "workspace over --max-ram",
          "An entry needs more memory than --max-ram allows.")
DIAG_CODE(4002, "no fit block", "dlc fit needs a model with a fit block.")
DIAG_CODE(4003, "implementation does not apply",
          "--conv=ALGO was asked for, and no convolution of the program has "
          "sizes and attributes that ALGO can do; a warning where there is no "
          "convolution. Without --conv the cheapest one that applies is "
          "chosen.")
DIAG_CODE(4004, "malformed plan",
          "A plan file is what dlc tune writes: three lines of head, then for "
          "each choice a line that names it and a line '  IMPLEMENTATION "
          "NANOSECONDS ns' for each candidate. '#' begins a comment.")
DIAG_CODE(4005, "plan for another target",
          "Times of one machine say little about another. Compile with the "
          "--target and --threads that the plan was measured with, or measure "
          "again.")
DIAG_CODE(4006, "unknown implementation in a plan",
          "--list=implementations prints the implementations of every "
          "operator. A plan of another version of dlc may name others: measure "
          "again.")
DIAG_CODE(4007, "no such entry",
          "--entries names what the model's C shall have: infer, eval, and for "
          "a train block B the entries B, B_gradient and B_update. First values "
          "(init) come with what uses them.")
