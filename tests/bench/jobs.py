# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programs here that run whole jobs share."""
import json
import os
import resource
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
SHARED = os.environ.get('SLOPE_SHARED', os.path.join(ROOT, '..', 'shared'))
DATA = os.path.join(SHARED, 'data')


class Cli:
    """slope-cli of a build."""

    def __init__(self, build):
        self.path = os.path.join(build, 'app', 'cli', 'slope-cli')

    def lines(self, *args):
        """What a verb prints with --json; shown on standard error while it comes."""
        records = []
        with subprocess.Popen([self.path, *args, '--json'], stdout=subprocess.PIPE, text=True) as child:
            for line in child.stdout:
                records.append(json.loads(line))
                print(line, end='', file=sys.stderr, flush=True)
        if child.returncode != 0:
            sys.exit(f'{self.path} {" ".join(args)} failed')
        return records

    def make(self, project, source, valid, *args):
        """A project of what is at @source, unless it is there."""
        if not os.path.exists(project):
            self.lines('new', project, '--from', source, '--valid', valid, *args)

    def train(self, project, *args):
        """What is said of the validation set after each epoch."""
        return [r['metrics'] for r in self.lines('train', project, *args) if r['event'] == 'epoch']


def processor_seconds():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime
