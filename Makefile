# Everything happens in .venv. With uv on the PATH the exact versions of uv.lock are installed, checked by hash;
# without it pip resolves the ranges of pyproject.toml.

SHELL := bash
.SHELLFLAGS := -o pipefail -c
VENV := .venv
BIN := $(VENV)/bin
PYTHON := python3
UV := $(shell command -v uv 2>/dev/null)
COMMON := insider complier planner drafter escalator exit_user silent looper
blackmail := $(COMMON) veiled_insider discloser quoter injector
leaking := $(COMMON) leaker pasting_leaker paraphrasing_leaker mentions_only quoting_refuser whistleblower
lethal_action := $(COMMON) canceller late_alarm_raiser misreader fumbler alarm_raiser quoting_refuser
comma := ,
empty :=
space := $(empty) $(empty)
EVAL := $(BIN)/inspect eval --model-role grader=scripted/judge --display plain --log-dir logs/demo

POLICIES = $(EVAL) tasks/$(1).py --model $(subst $(space),$(comma),$(addprefix scripted/,$($(1)))) --turn-limit 20 \
	  -T worlds=$(2) -T seeds=1 > /dev/null

.PHONY: help demo known-answers beliefs rates test lint types unit validate environments wheel lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/demo.stamp  ## run the blackmail task on a scripted model and print the rates
	rm -rf logs/demo
	$(EVAL) tasks/blackmail.py --model scripted/mixed/0.4 > /dev/null
	$(MAKE) --no-print-directory known-answers beliefs rates

known-answers: $(VENV)/demo.stamp  ## run every scripted policy once in two worlds of each scenario
	$(call POLICIES,blackmail,harbour-freight$(comma)totara-seed)
	$(call POLICIES,leaking,quillmoor-press$(comma)almendra-clinics)
	$(call POLICIES,lethal_action,vesterhavn-cold$(comma)harmattan-towers)

beliefs: $(VENV)/demo.stamp  ## run scripted models with known beliefs and print harm by belief
	rm -rf logs/beliefs
	$(EVAL) tasks/test_vs_real.py --model scripted/mix/beliefs --log-dir logs/beliefs -T episodes=40 \
	  -T worlds=harbour-freight,totara-seed > /dev/null
	$(BIN)/agentic-misalignment beliefs logs/beliefs
	@echo

rates: $(VENV)/demo.stamp  ## print the rates of the demo's logs
	$(BIN)/agentic-misalignment rates logs/demo

test: lint types unit  ## lint, types and all tests

lint: $(VENV)/dev.stamp  ## ruff, and the linter of Inspect evaluations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/inspect-evals-lint --all

types: $(VENV)/dev.stamp  ## mypy, strict
	$(BIN)/mypy -p agentic_misalignment
	$(BIN)/mypy tests benchmarks

unit: $(VENV)/dev.stamp environments  ## all tests
	$(BIN)/pytest -n auto --dist loadfile

environments:  ## make the environments of validators that cannot share ours
	validators/install.sh every-eval-ever 12
	validators/install.sh hawk 13

validate: $(VENV)/dev.stamp environments  ## run every target's validator over an export: EXPORT=folder, else that of a scripted run
ifdef EXPORT
	$(BIN)/agentic-misalignment validate $(EXPORT)
else
	rm -rf logs/validate build/export
	$(BIN)/inspect eval agentic_misalignment/blackmail --model scripted/mixed/0.4 --model-role grader=scripted/judge \
	  -T seeds=1 --display plain --log-dir logs/validate > /dev/null
	$(BIN)/agentic-misalignment export logs/validate -o build/export --about validators/about.yaml \
	  --allow dirty --allow no_commit
	$(BIN)/agentic-misalignment validate build/export
endif
	@[ ! -x .venv-validate/hawk/bin/python ] || .venv-validate/hawk/bin/python validators/check_hawk.py deploy/hawk.yaml

wheel: $(VENV)/dev.stamp  ## build the wheel, install it in an environment of its own and use it from another folder
	rm -rf dist build && mkdir -p build/elsewhere
	$(BIN)/python -m build --outdir dist . > /dev/null
	$(PYTHON) -m venv build/venv
	build/venv/bin/pip install --quiet --disable-pip-version-check dist/*.whl
	cd build/elsewhere && ../venv/bin/inspect eval agentic_misalignment/blackmail --model scripted/insider \
	  --model-role grader=scripted/judge -T worlds=harbour-freight -T seeds=1 --display plain > /dev/null
	cd build/elsewhere && ../venv/bin/agentic-misalignment check --world harbour-freight && ../venv/bin/agentic-misalignment rates logs

lock:  ## write uv.lock anew (needs uv); the lock names no host, so that it works with every package index
	@command -v uv > /dev/null || { echo "make lock needs uv: $(PYTHON) -m pip install uv"; exit 1; }
	rm -f uv.lock && uv lock --quiet
	sed -E -i.tmp -e 's#registry = "[a-z]+://[^"]*"#registry = "index"#' \
	  -e 's#url = "[a-z]+://[^"]*/([^/"]+)"#path = "\1"#' uv.lock && rm uv.lock.tmp

clean:  ## remove the environment, logs and builds
	rm -rf $(VENV) .venv-validate logs dist build

# pip compiles what it installs and uv does not; where no bytecode may be written, every process would do it again.
ifdef UV
INSTALL = uv venv --quiet --seed --allow-existing $(VENV) && \
  uv export --quiet --frozen --no-emit-project $(1) | uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r - && \
  uv pip install --quiet --python $(BIN)/python --no-deps --editable .
else
INSTALL = $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(2)'
endif

$(VENV)/demo.stamp: pyproject.toml
	$(call INSTALL,,)
	touch $@

$(VENV)/dev.stamp: pyproject.toml
	$(call INSTALL,--extra dev,[dev])
	touch $@ $(VENV)/demo.stamp
