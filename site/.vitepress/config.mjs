import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const docs = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs')

/** The pages of a folder, by name; those named first come first. */
function pages(folder, first = []) {
  const place = file => (first.includes(file) ? first.indexOf(file) : first.length)
  const path = join(docs, folder)
  return !existsSync(path)
    ? []
    : readdirSync(path)
        .filter(file => file.endsWith('.md') && file !== 'index.md' && file !== 'README.md')
        .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
        .map(file => ({ text: title(join(path, file)), link: '/' + join(folder, file.replace(/\.md$/, '')) }))
}

function title(file) {
  return readFileSync(file, 'utf8').match(/^# (.*)$/m)[1].replaceAll('`', '')
}

/** The first page of a folder is README.md on GitHub. */
const overviews = {
  'README.md': 'documentation.md',
  'workshop/README.md': 'workshop/index.md',
  'decisions/README.md': 'decisions/index.md',
}

/** On GitHub a page may link to a source beside docs; there is none on the site, so the link's text stays alone. */
function links(md) {
  md.core.ruler.push('links', state => {
    const page = join(docs, state.env.relativePath ?? '')
    for (const token of state.tokens.filter(token => token.type === 'inline')) {
      let outside = false
      for (const child of token.children ?? []) {
        if (child.type === 'link_open') {
          const href = child.attrGet('href')
          const inside = relative(docs, resolve(dirname(page), href))
          outside = !/^([a-z]+:|\/|#)/.test(href) && inside.startsWith('..')
          if (outside) hide(child)
          else if (overviews[inside]) child.attrSet('href', '/' + overviews[inside])
        } else if (child.type === 'link_close' && outside) {
          hide(child)
          outside = false
        }
      }
    }
  })
}

function hide(token) {
  token.type = 'text'
  token.content = ''
  token.tag = ''
  token.nesting = 0
}

export default defineConfig({
  srcDir: '../docs',
  title: 'bert-finetune',
  description: 'Fine-tune BERT inside a Java application',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  rewrites: overviews,
  ignoreDeadLinks: [/^\/api\//],
  markdown: { config: links },
  // Pages lie outside of this folder, and so outside of its node_modules.
  vite: {
    resolve: {
      alias: [
        { find: /^vue$/, replacement: fileURLToPath(new URL('../node_modules/vue/dist/vue.runtime.esm-bundler.js', import.meta.url)) },
        { find: 'vue/server-renderer', replacement: fileURLToPath(import.meta.resolve('vue/server-renderer')) },
      ],
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Workshop', link: '/workshop/', activeMatch: '/workshop/' },
      { text: 'Guides', link: '/guides/install', activeMatch: '/guides/' },
      { text: 'API', link: '/api/index.html', target: '_self' },
    ],
    sidebar: [
      { text: 'Documentation', link: '/documentation' },
      { text: 'Workshop', link: '/workshop/', items: pages('workshop') },
      { text: 'Guides', items: pages('guides', ['install.md', 'your-data.md', 'pretrained-models.md', 'from-hugging-face.md']) },
      { text: 'Reference', items: [...pages(''), { text: 'API reference', link: '/api/index.html', target: '_self' }] },
      { text: 'Decisions', link: '/decisions/', collapsed: true, items: pages('decisions') },
    ],
    footer: { message: 'Apache License 2.0' },
  },
})
