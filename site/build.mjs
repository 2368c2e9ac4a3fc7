// Builds the whole site into .vitepress/dist: the pages of ../docs, and the API reference under /api.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const site = dirname(fileURLToPath(import.meta.url))
const root = resolve(site, '..')
const api = resolve(root, 'target/reports/apidocs')

run(root, 'mvn', '-B', '-q', 'javadoc:aggregate@site')
run(site, resolve(site, 'node_modules/.bin/vitepress'), 'build', '.')
if (!existsSync(resolve(api, 'index.html'))) {
  throw new Error(`javadoc:aggregate@site left no ${api}/index.html`)
}
cpSync(api, resolve(site, '.vitepress/dist/api'), { recursive: true })
console.log('site: .vitepress/dist; look at it with: npm --prefix site run preview')

function run(folder, command, ...options) {
  console.log(`> ${command.split('/').pop()} ${options.join(' ')}`)
  const { status, error } = spawnSync(command, options, { cwd: folder, stdio: 'inherit' })
  if (error || status !== 0) {
    throw error ?? new Error(`${command} ended with ${status}`)
  }
}
