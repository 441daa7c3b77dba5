"""The package over a Farfit process of its own. Run by mvn verify, or by hand:

    FARFIT=bin/farfit python3 -m unittest discover -s python/tests
"""

import concurrent.futures
import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import farfit
from farfit import data as tables

TRUE = {"E": 1.7, "A": 400.0, "alpha": 0.34, "B": 410.0, "beta": 0.28}


def loss(n, d):
    return TRUE["E"] + TRUE["A"] * n ** -TRUE["alpha"] + TRUE["B"] * d ** -TRUE["beta"]


def columns(noise=0.002):
    """Runs of a known law, with noise that is the same each time."""
    table = {"N": [], "D": [], "loss": []}
    for i in range(7):
        for j in range(7):
            n, d = 1e8 * 2**i, 2e9 * 2**j
            table["N"].append(n)
            table["D"].append(d)
            table["loss"].append(loss(n, d) * math.exp(noise * math.sin(12.9898 * (7 * i + j + 1))))
    return table


class Frame:
    """What pandas and Polars frames have in common."""

    def __init__(self, values):
        self._values = values
        self.columns = list(values)

    def __getitem__(self, name):
        return self._values[name]


class FarfitTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = farfit.Client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()

    def fit(self, runs=None, **options):
        options.setdefault("law", "chinchilla")
        return farfit.fit(
            columns() if runs is None else runs, starts=20, client=self.client, **options
        )

    def test_from_runs_to_a_decision(self):
        fit = self.fit()
        self.assertTrue(fit.converged)
        self.assertTrue(fit.status.startswith("converged"))
        self.assertEqual(fit.laws, ["chinchilla"])
        self.assertEqual(set(fit.parameters), set(TRUE))
        for name in ("E", "alpha", "beta"):
            self.assertAlmostEqual(fit.parameters[name] / TRUE[name], 1, delta=0.1, msg=name)
        self.assertEqual(set(fit.standard_errors), set(TRUE))
        sure = fit.bootstrap(300)
        self.assertEqual(sure.fits[0]["bootstrap"]["replicates"], 300)
        predicted = sure.predict(N=25.1e9, D="320B", interval=90)
        self.assertAlmostEqual(float(predicted) / loss(25.1e9, 3.2e11), 1, delta=0.01)
        self.assertLess(predicted[0].low, predicted[0].loss)
        self.assertLess(predicted[0].loss, predicted[0].high)
        self.assertLessEqual(predicted[0].run_low, predicted[0].low)
        self.assertEqual(predicted[0].at, {"N": 25.1e9, "D": 3.2e11})
        optima = sure.allocate(compute=[1e21, 1e22])
        self.assertEqual([row.compute for row in optima], [1e21, 1e22])
        for row in optima:
            self.assertAlmostEqual(6 * row.n * row.d / row.compute, 1, delta=1e-6)
            self.assertLess(row.intervals["n"].low, row.n)
        self.assertIn("n_low", optima.rows[0])

    def test_several_points_and_laws(self):
        fit = self.fit(law=["chinchilla", "kaplan"])
        self.assertEqual(fit.best, "chinchilla")
        rows = fit.predict(N=[1e9, 2e9, 4e9], D=2e10)
        self.assertEqual(len(rows), 6)
        self.assertEqual(len(fit.predict(N=1e9, D=2e10, law="kaplan")), 1)
        with self.assertRaisesRegex(ValueError, "choose one"):
            float(rows)
        with self.assertRaisesRegex(farfit.UsageError, "several laws"):
            _ = fit.parameters
        with self.assertRaisesRegex(farfit.UsageError, "D has 2 values"):
            fit.predict(N=[1, 2, 3], D=[1, 2])
        self.assertIn("law", repr(rows).splitlines()[0])
        self.assertIn("<th>law</th>", rows._repr_html_())

    def test_a_formula(self):
        fit = self.fit(law="E + A*N^-alpha + B*D^-beta")
        self.assertTrue(fit.converged, fit.status)
        predicted = fit.predict(N=2e9, D=4e10)
        self.assertAlmostEqual(float(predicted) / loss(2e9, 4e10), 1, delta=0.01)

    def test_every_kind_of_table_gives_the_same_fit(self):
        table = columns()
        expected = self.fit(table).document["fits"]
        rows = [dict(zip(table, row)) for row in zip(*table.values())]
        self.assertEqual(self.fit(rows).document["fits"], expected)
        self.assertEqual(self.fit(Frame(table)).document["fits"], expected)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "runs.jsonl")
            path.write_text("\n".join(map(json.dumps, rows)))
            self.assertEqual(self.fit(path).document["fits"], expected)

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "NumPy is not installed")
    def test_the_last_row_of_each_run(self):
        whole = columns()
        count = len(whole["N"])
        # Every run twice: before its end, and at it.
        history = {"name": [f"run-{i}" for i in range(count)] * 2, "N": whole["N"] * 2, "D": whole["D"] * 2}
        history["loss"] = [loss + 1 for loss in whole["loss"]] + whole["loss"]
        self.assertEqual(self.fit(history, last_of="name").parameters, self.fit(whole).parameters)

    def test_numpy(self):
        import numpy

        table = {name: numpy.array(values) for name, values in columns().items()}
        fit = self.fit(table)
        self.assertEqual(fit.document["fits"], self.fit().document["fits"])
        losses = fit.predict(N=numpy.array([1e9, 2e9]), D=numpy.float64(1e10)).loss
        self.assertIsInstance(losses, numpy.ndarray)
        records = numpy.array(
            list(zip(*table.values())), dtype=[(name, float) for name in table]
        )
        self.assertEqual(self.fit(records).document["fits"], fit.document["fits"])

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "pandas is not installed")
    def test_pandas(self):
        import pandas

        frame = pandas.DataFrame(columns())
        fit = self.fit(frame)
        self.assertEqual(fit.document["fits"], self.fit().document["fits"])
        given = fit.predict(N=frame["N"], D=frame["D"]).frame()
        self.assertEqual(len(given), len(frame))

    @unittest.skipIf(importlib.util.find_spec("pandas"), "pandas is installed")
    def test_frames_need_pandas(self):
        with self.assertRaisesRegex(ImportError, "pip install pandas"):
            farfit.laws(client=self.client).frame()

    def test_cells(self):
        class NAType:
            pass

        self.assertIsNone(tables.cell(float("nan")))
        self.assertIsNone(tables.cell(NAType()))
        self.assertEqual(tables.cell(float("inf")), "inf")
        self.assertEqual(tables.cell(True), True)
        self.assertEqual(tables.cell("25.1B"), "25.1B")
        with self.assertRaisesRegex(TypeError, "not int"):
            tables.runs(3)

    def test_errors_have_the_messages_of_the_command_line(self):
        table = columns()
        table["N"][2] = -1.0
        with self.assertRaises(farfit.InputError) as caught:
            self.fit(table)
        self.assertRegex(str(caught.exception), "^data: line 3: column 'N': found '-1.0'")
        self.assertEqual((caught.exception.code, caught.exception.exit_code), (-32003, 3))
        with self.assertRaisesRegex(farfit.InputError, "nowhere.csv: no such file"):
            self.fit("nowhere.csv")
        with self.assertRaisesRegex(farfit.UsageError, "has no parameter 'lwa'"):
            self.fit(lwa="kaplan")
        with self.assertRaises(farfit.EngineUnavailableError):
            self.fit(engine="abacus")
        with self.assertRaisesRegex(ValueError, "column 'loss': found an empty cell"):
            self.fit({**columns(), "loss": [float("nan")] * 49})

    def test_warnings_and_the_log(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.fit().predict(N=1e13, D=1e15)
        self.assertTrue(
            any(
                issubclass(w.category, farfit.FarfitWarning) and "beyond the fitted runs" in str(w.message)
                for w in caught
            )
        )
        self.assertIn("runs: 49 from data", self.fit().log)

    def test_files_are_those_of_the_command_line(self):
        fit = self.fit()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.fit.json")
            fit.save(path)
            self.assertEqual(os.listdir(folder), ["a.fit.json"])
            again = farfit.load(path, client=self.client)
            self.assertEqual(
                again.predict(N=1e9, D=1e10).document, fit.predict(N=1e9, D=1e10).document
            )
            with self.assertRaisesRegex(farfit.UsageError, "read from a file"):
                again.bootstrap(10)
            # A file that Farfit wrote is read by name, too.
            document = farfit.call("predict", fit=str(path), n=1e9, d=1e10, client=self.client)
            self.assertEqual(document["rows"][0]["law"], "chinchilla")

    def test_what_is_no_fit_file_is_told_as_such(self):
        with tempfile.TemporaryDirectory() as folder:
            for text in ("N,D,loss\n", "{}", "[1]", '{"schema": "other"}'):
                path = Path(folder, "a.json")
                path.write_text(text)
                with self.assertRaisesRegex(farfit.InputError, "a.json: is not a fit file"):
                    farfit.load(path, client=self.client)

    def test_no_table_is_not_the_example(self):
        with self.assertRaisesRegex(TypeError, "not NoneType"):
            farfit.fit(None, law="chinchilla", client=self.client)
        with self.assertRaisesRegex(TypeError, "not NoneType"):
            farfit.validate(None, law="chinchilla", client=self.client)
        self.assertIn(
            "runs: 345 from bundled example",
            "".join(farfit.fit(law="chinchilla", starts=5, client=self.client).log),
        )

    def test_validate_compare_sweep_laws(self):
        errors = farfit.validate(
            columns(), law="chinchilla", starts=20, holdout="top:0.25", client=self.client
        )
        self.assertTrue(all(row.mape < 1 for row in errors))
        better = {**columns(), "loss": [0.9 * value for value in columns()["loss"]]}
        points = self.fit().compare(self.fit(better), n=[1e9, 2e9], d=2e10)
        self.assertEqual([row.winner for row in points], ["B", "B"])
        names = [row.law for row in farfit.laws(client=self.client)]
        self.assertIn("farseer", names)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "runs.jsonl")
            table = columns()
            path.write_text(
                "\n".join(json.dumps(dict(zip(table, row))) for row in zip(*table.values()))
            )
            spec = {"inputs": [str(path)], "laws": ["chinchilla", "kaplan"], "starts": 10}
            rows = farfit.sweep(spec, client=self.client)
            self.assertEqual([row["law"] for row in rows], ["chinchilla", "kaplan"])
            out = Path(folder, "table.csv")
            self.assertEqual(farfit.sweep(spec, out=out, client=self.client).document["rows"], 2)
            self.assertTrue(out.exists())

    def test_requests_run_at_once_and_may_be_cancelled(self):
        seen = []
        long = self.client.start(
            "bootstrap",
            {"law": "farseer", "replicates": 1_000_000, "runs": columns()},
            lambda *step: seen.append(step),
        )
        self.assertEqual(self.fit().laws, ["chinchilla"])
        with self.assertRaises(concurrent.futures.TimeoutError):
            long.result(timeout=0.5)
        self.assertFalse(long.done())
        long.cancel()
        with self.assertRaises(farfit.CancelledError):
            long.result(timeout=60)
        self.assertTrue(seen)

    def test_a_process_that_ends_is_told(self):
        with farfit.Client() as client:
            call = client.start("bootstrap", {"law": "farseer", "replicates": 1_000_000})
            client._process.kill()
            with self.assertRaisesRegex(farfit.ProcessError, "has ended"):
                call.result(timeout=60)
            with self.assertRaises(farfit.ProcessError):
                client.call("version")

    def test_a_launcher_that_is_not_there_is_told(self):
        with self.assertRaisesRegex(farfit.ProcessError, "cannot be started"):
            farfit.Client(["/nowhere/farfit"])

    def test_the_example_comes_to_a_decision(self):
        folder = os.environ.get("FARFIT_DATA")
        if not folder or not Path(folder, "chinchilla_svg_extracted.csv").exists():
            self.skipTest("FARFIT_DATA has no chinchilla_svg_extracted.csv")
        example = Path(__file__).resolve().parents[2] / "examples" / "from_a_frame_to_a_decision.py"
        ran = subprocess.run(
            [sys.executable, str(example), "--replicates", "100"],
            env={**os.environ, "PYTHONPATH": str(Path(farfit.__file__).parents[1])},
            capture_output=True,
            text=True,
            timeout=300,
        )
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertRegex(ran.stdout, r"Decision: with 1e\+24 FLOPs, train \d+ B parameters on [\d.]+ T tokens")


if __name__ == "__main__":
    unittest.main()
