#!/usr/bin/env bash
# Replaces the branch gh-pages of a repository by the built site: bash site/publish.sh ADDRESS, after npm run docs:build.
set -euo pipefail
cd "$(dirname "$0")/.vitepress/dist"
# GitHub Pages would leave out files with an underscore.
touch .nojekyll
rm -rf .git
git init -q -b gh-pages
git add -A
git -c user.name=lanewise -c user.email=lanewise@users.noreply.github.com commit -qm 'Site'
git push -qf "$1" gh-pages
rm -rf .git
