"""Prints the best that every program measured, and ours against it."""
import sys

best = {}
for line in sys.stdin:
    if line.count(",") < 4:
        continue
    task, who, unit, value, note = line.strip().split(",", 4)
    slower, number = unit.startswith(("us", "seconds")), float(value)
    known = best.get((task, who))
    if known is None or (number < known[1] if slower else number > known[1]):
        best[task, who] = (unit, number, note, slower)
print(f"{'task':<16}{'program':<18}{'':>11} {'unit':<24}{'ours is':>9}  notes")
for (task, who), (unit, number, note, slower) in best.items():
    ours = best.get((task, "farfit"))
    ratio = ""
    if who != "farfit" and ours and number:
        ratio = f"{(number / ours[1] if slower else ours[1] / number):.3g}x"
    print(f"{task:<16}{who:<18}{number:>11.4g} {unit:<24}{ratio:>9}  {note}")
