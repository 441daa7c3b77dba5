"""Prints what every program measured, and ours against it."""
import sys

rows = [line.strip().split(",", 4) for line in sys.stdin if line.count(",") >= 4]
ours = {task: float(value) for task, who, unit, value, note in rows if who == "farfit"}
print(f"{'task':<16}{'program':<18}{'':>11} {'unit':<24}{'ours is':>9}  notes")
for task, who, unit, value, note in rows:
    number = float(value)
    slower = unit.startswith(("us", "seconds"))
    ratio = "" if who == "farfit" or task not in ours or number == 0 else \
        f"{(number / ours[task] if slower else ours[task] / number):.3g}x"
    print(f"{task:<16}{who:<18}{number:>11.4g} {unit:<24}{ratio:>9}  {note}")
